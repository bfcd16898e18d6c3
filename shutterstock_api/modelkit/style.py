"""The style of what notebooks show: the page brings its colours and fonts; ours suit light and dark."""

STYLE = """
.shutterstock {max-width: 100%; line-height: 1.4}
.shutterstock p {margin: .5em 0}
.shutterstock .sheet {display: grid; gap: 1.2em 1em;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 150px), 1fr))}
.shutterstock .films {grid-template-columns: repeat(auto-fill, minmax(min(100%, 220px), 1fr))}
.shutterstock .sounds {grid-template-columns: repeat(auto-fill, minmax(min(100%, 300px), 1fr))}
.shutterstock .films :is(img, .none) {aspect-ratio: 16 / 9}
.shutterstock .film {position: relative}
.shutterstock .film video {position: absolute; inset: 0; width: 100%; height: 100%; margin: 0;
  object-fit: contain; border-radius: 4px}
.shutterstock .film video::-webkit-media-controls {background: none}
:is([data-jp-theme-light="false"], .vscode-dark) .shutterstock :is(audio, meter) {color-scheme: dark}
.shutterstock .sound img {height: 60px; aspect-ratio: auto; object-fit: fill}
.shutterstock audio {display: block; width: 100%; height: 40px; margin-top: .3em}
.shutterstock td audio {width: 220px}
.shutterstock meter {width: 5em; vertical-align: middle}
.shutterstock figure {margin: 0; min-width: 0}
.shutterstock figure img, .shutterstock .none {display: block; width: 100%; height: auto; margin: 0;
  object-fit: contain; background: rgba(128, 128, 128, .14); border-radius: 4px}
.shutterstock .sheet img, .shutterstock .none {aspect-ratio: 4 / 3}
.shutterstock .none {display: grid; place-items: center}
.shutterstock figcaption, .shutterstock .none {font-size: .85em; overflow-wrap: anywhere;
  color: var(--jp-ui-font-color2, var(--vscode-descriptionForeground, inherit))}
.shutterstock .title {margin-top: .4em; overflow: hidden; display: -webkit-box; -webkit-line-clamp: 2;
  -webkit-box-orient: vertical; color: var(--jp-content-font-color1, var(--vscode-foreground, inherit))}
.shutterstock figcaption span {display: inline-block; margin-right: .5em}
.shutterstock .single {display: flex; flex-wrap: wrap; gap: 1em}
.shutterstock .single figure {flex: 1 1 280px; max-width: 450px}
.shutterstock .single > div {flex: 2 1 280px; min-width: 0; overflow-wrap: anywhere}
.shutterstock dl.facts {display: grid; grid-template-columns: max-content 1fr; gap: .2em 1em; margin: 0}
.shutterstock dl.facts > * {float: none; width: auto; margin: 0; padding: 0}
.shutterstock dl.facts > dt {font-weight: normal;
  color: var(--jp-ui-font-color2, var(--vscode-descriptionForeground, inherit))}
.shutterstock .wide {overflow-x: auto}
.shutterstock .wide table {margin: 0}
.shutterstock .wide :is(th, td) {text-align: left; white-space: nowrap; padding: .3em .9em .3em .3em}
.shutterstock .wide .long {white-space: normal; width: max-content; max-width: 22em}
.shutterstock .wide td:last-child {white-space: normal; min-width: 10em}
.shutterstock .good {color: var(--jp-success-color1, var(--vscode-testing-iconPassed, #2e9e4f))}
.shutterstock .bad {color: var(--jp-error-color1, var(--vscode-testing-iconFailed, #d9534f))}
.shutterstock .open {color: var(--jp-warn-color1, var(--vscode-testing-iconQueued, #c77c11))}
"""
