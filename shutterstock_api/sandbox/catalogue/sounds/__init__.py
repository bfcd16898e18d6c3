"""Music and sound effects: what is known about each, how they are found, how they sound.

`tracks`   tracks of music
`effects`  sound effects
`views`    how both look in an answer
`files`    WAV, MP3 and Ogg files, waveforms, zips of stems
`stock`    both as something to look up and license

`notes.mp3` holds eight notes of ten frames each, `notes.ogg` the same as Ogg Vorbis.
"""
