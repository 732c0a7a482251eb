-- What belongs to a person is counted whenever something is added.

create index rules_owner on rules (owner);
create index channels_owner on channels (owner);
create index follows_user on follows (user);
