"""What each operation does.

`table`        which handler serves which operation
`call`         what handlers get and give
`licences`     media of any kind are licensed; what has been licensed
`collections`  collections of media of any kind
`media/`       media are looked up and searched for: a module each
`services/`    what is about no medium
`oauth`        the way to a token
`cursors`      where a list without page numbers goes on
`pages`        what is served besides: licensed files, previews, the login page
"""
