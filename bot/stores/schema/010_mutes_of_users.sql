-- The mutes that concern one message, however many there are: those of its chat, and of the people it mentions.

create index mutes_user on mutes (user) where user is not null;
