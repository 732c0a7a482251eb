-- Rules that alert again by themselves: when.

alter table rules add column paused_until integer;
create index rules_paused on rules (paused_until) where paused_until is not null;
