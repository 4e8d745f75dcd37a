"""Messages of `dlrun gallery` itself."""

MESSAGES: dict[str, str] = {
    "number": "number",
    "name": "name",
    "lesson": "lesson",
    "how": "`dlrun gallery NAME` runs one, `dlrun gallery --all` all but those that take minutes ({long}); "
    "--long takes them in",
    "otherwise": "Not as the textbook says, this time: {claim}",
    "runs": "Its runs are in {store}: `dlrun compare --results {store}` shows them",
    "config": "Config: {path}",
    "picture": "Picture: {path}",
    "measured": "Measured",
    "page_title": "The gallery",
    "page_intro": "Every idea of an introduction to deep learning that an MLP can show, run and measured by dlrun. "
    "This page is written by `{command}`: every number in it was measured by that run.",
    "page_run": "`dlrun gallery {name}` runs it; its config is `configs/gallery/{name}.yaml`.",
}
