"""Contributors: who makes the images, and the sets that they show.

`profiles`  what a contributor tells about themself
`sets`      the sets of a contributor, and what is in them
"""
