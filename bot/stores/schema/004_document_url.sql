-- `why not <address>` asks for a document by its address.

create index documents_url on documents (url, seq);
