"""The handlers of the operations.

`table`        which handler serves which operation
`call`         the arguments and results of handlers
`licences`     licensing media of any kind, and the licence history
`collections`  collections of media of any kind
`media/`       looking up and searching for media: a module for each
`services/`    operations that do not belong to a medium
`oauth`        tokens
`cursors`      cursors of lists without page numbers
`pages`        everything else: licensed files, previews, the login page
"""
