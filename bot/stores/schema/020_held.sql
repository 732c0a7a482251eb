-- Alerts that wait for the end of quiet hours, a digest, or the return of their chat; rules that do not wait.

create index deliveries_held on deliveries (destination, seq) where state = 'held';
alter table rules add column urgent integer not null default 0;
