"""The account: its credentials, and what it owns.

`gate`           tokens with scopes, the consumer key and secret
`oauth`          OAuth: the login page, codes and tokens
`login`          the login page
`links`          signed links to licensed files
`database`       the tables in SQLite, and their contents at the start
`subscriptions`  what each subscription pays for
`store`          licences, allotments and collections
`services`       the catalog, uploads and renders; all SQL is here, in `database` and in `store`
"""
