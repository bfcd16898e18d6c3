"""What each operation does.

`table`        which handler serves which operation
`call`         what handlers get and give
`images`       images are looked up and searched for
`collections`  collections, one's own and featured ones
`licences`     images are licensed; what has been licensed
`oauth`        the way to a token
"""
