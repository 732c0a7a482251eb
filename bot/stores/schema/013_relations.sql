-- How each document came into its story: '' opened it (or came before this was kept), 'copy', 'version' or 'report'.

alter table documents add column relation text not null default '';
