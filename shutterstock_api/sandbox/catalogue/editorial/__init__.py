"""Editorial images and videos: what happens, and the pictures of it.

`countries`  countries, and rules that say in which of them something may be distributed
`events`     four events a day, worked out from the time
`archive`    the pictures and clips of events, and searches among them
`updates`    what was added and edited when
`views`      how they look in an answer
`pictures`   JPEG files
`films`      clips
`stock`      editorial images and videos as something to license
"""
