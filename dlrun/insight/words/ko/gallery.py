"""Messages of `dlrun gallery` itself."""

MESSAGES: dict[str, str] = {
    "number": "번호",
    "name": "이름",
    "lesson": "수업",
    "how": "`dlrun gallery NAME`은 하나를, `dlrun gallery --all`은 몇 분씩 걸리는 것({long})을 뺀 전부를, "
    "--long을 더하면 그것까지 실행합니다",
    "otherwise": "이번에는 교과서와 다르게 나왔습니다: {claim}",
    "runs": "이 수업의 실행은 {store}에 있습니다. `dlrun compare --results {store}`로 볼 수 있습니다",
    "config": "설정 파일: {path}",
    "picture": "그림: {path}",
    "measured": "측정값",
    "page_title": "갤러리",
    "page_intro": "딥러닝 입문에서 배우는 것 가운데 MLP로 보일 수 있는 모든 것을 dlrun으로 실행하고 측정했습니다. "
    "이 문서는 `{command}`이 쓴 것이며, 모든 숫자는 그 실행에서 측정한 것입니다.",
    "page_run": "`dlrun gallery {name}`으로 실행합니다. 설정 파일은 `configs/gallery/{name}.yaml`입니다.",
}
