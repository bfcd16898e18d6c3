"""Media are looked up and searched for; what is the same for all of them is one floor up.

`images`     images
`editorial`  editorial images and videos
`uploads`    uploaded pictures, and what resembles them
"""
