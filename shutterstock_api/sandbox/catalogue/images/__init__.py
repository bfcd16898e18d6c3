"""Images: what each shows, how they are found, how they look.

`images`       what is known about each image, and the sets of images that have something in common
`search`       from the parameters of a search to its results
`views`        how images look in an answer
`pictures`     their files: JPEG and EPS
`stock`        images as something to license
`recognition`  what can be seen in an uploaded picture
"""
