-- Which chats have something held that is due is asked every second; what waits for a chat's return is not looked at.

create index deliveries_held_due on deliveries (not_before, destination) where state = 'held' and not_before is not null;
