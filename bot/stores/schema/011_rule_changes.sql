-- Which rules each version changed, so that whoever knows an earlier version reads only those. The newest stay.

create table rule_changes (
    version integer primary key,
    rule_id text,                                  -- added, changed or removed
    channel_id text,                               -- a list of that channel changed: its rules may say something else
    stamp text not null                            -- random: a copy that went another way has another one
);
insert into rule_changes select coalesce(max(value), 0), null, null, lower(hex(randomblob(8)))
from counters where name = 'rules';
