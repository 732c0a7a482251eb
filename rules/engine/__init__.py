"""The index of many rules: which of them are true of a document, without trying each. Figures: docs/performance.md.

**The idea.** A search engine stores documents and is asked rules. Here rules are stored and documents ask; the field
calls that reverse search or percolation (Lucene's monitor, Elasticsearch's percolator, publish/subscribe matching).
The trick is the same: an inverted index, but of rules. A rule cannot be true of a document that lacks what the rule
needs, so each is listed under its *anchor*, the group of features that it needs and that fewest documents have, and
under nothing else. A document then meets only the rules whose anchor it has, and the few that have none. Those of them
that have the rest of what they need too are its *candidates*. Of these it is asked where the words stand, their
*checks*, and at last, for the few rules that arrays cannot say, the tree is tried. What passes is a *match*.

**Adding.** An operator says in its condition (rules/conditions.py) what a document must have. `compile` turns it into
numbers: an anchor, more groups of features, checks of places. A rule that comes by itself goes into the `buffer`, a
Python dict, and counts from the next document on. `commit` writes the buffer and the segment that was there into one
new `segment`. Nothing in a segment is written again: a removed rule only gets a tombstone, and the next commit, which
merges, leaves it out. So a segment can lie in files that many processes map.

**Matching.** 64 documents are one batch. `tokens` cuts them into words with array operations and numbers each by a
hash; the `dictionary` says which features rules ask of that word; phrases and zones are found among the features at
hand. For each feature a bit set of 64 bits says which documents have it. `postings` then gives the rows under the
features present, and takes one group of all of them at a time: one AND or OR decides 64 documents. `positions` checks
NEAR and its like for all candidates at once. Slow and obvious beside it stands the oracle, `RuleSet.match_all`;
both must agree.

**The data structures**, from the bottom: `arrays` (arrays that grow, and a hash table for many keys at once),
`hashing`, `strings` (strings in two arrays), `features` (features to numbers; phrases are a trie), `patterns`
(wildcards, fuzzy words and regular expressions by a literal in them), `rows` (compiled rules as columns), `postings`,
`segment`, `buffer`, `index`.

**Our word, and the field's:**

    rule                    stored query
    feature                 term
    feature number          term ordinal; `features` is the term dictionary of the rules
    dictionary              the cache of the documents' words, each with its terms
    anchor                  what a presearcher (Lucene monitor) indexes a query by; access predicate (publish/subscribe)
    candidate               what the presearcher lets through
    group, literal          clause and literal of a formula in conjunctive normal form
    row                     query after duplicates were joined; its columns are a columnar store
    postings, segment, buffer, commit, merge    the same words in Lucene
    tombstone               the same word in log-structured stores; a cleared bit of Lucene's live documents
    mask                    bit set, one for each term, of the batch's documents
    place, position         position
    check                   positional query, verified after the bit sets
    stored                  stored field: the rule's text
    tree                    the query itself, run on one document to verify
"""
