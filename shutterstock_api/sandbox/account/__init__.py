"""The account: who is asking, and what the account owns.

`gate`   tokens with scopes, the consumer key and secret
`oauth`  from an application's question over a login page and a code to a token
`login`  the login page
`store`  collections, licences, allotments and uploads, in SQLite; all SQL is here
`links`  signed links to licensed files
"""
