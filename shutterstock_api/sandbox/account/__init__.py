"""The account: who is asking, and what the account owns.

`gate`           tokens with scopes, the consumer key and secret
`oauth`          from an application's question over a login page and a code to a token
`login`          the login page
`links`          signed links to licensed files
`database`       the tables in SQLite, and what is in them at the start
`subscriptions`  what each subscription pays for
`store`          licences, allotments and collections
`services`       the catalog, uploads and renders; with `database` and `store`, all the SQL there is
"""
