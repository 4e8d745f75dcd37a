"""Messages of the gallery's lessons: perceptron."""

MESSAGES: dict[str, str] = {
    # 4. linear layers
    "linear_layers_title": "선형 층은 쌓아도 선형이다",
    "linear_layers_1": "선형 층 네 개를 이어 붙인 결과는 행렬들을 곱한 한 층의 결과와 같습니다. 무작위 행 100개에서 "
    "가장 큰 차이는 {difference}입니다.",
    "linear_layers_2": "그래서 깊이는 도움이 되지 않습니다. 시드 {seeds}개에서 어떤 선형 신경망도 XOR의 {best}보다 "
    "많이 맞히지 못합니다.",
    "linear_layers_3": "tanh를 쓴 은닉층 하나는 {bent}를 맞힙니다. 층 사이의 비선형성이 있어야 깊이에 의미가 생깁니다.",
    "linear_layers_claim_product": "깊은 선형 신경망은 행렬들의 곱과 같다",
    "linear_layers_claim_line": "선형 신경망은 XOR의 75 %보다 많이 맞히지 못한다",
    "linear_layers_claim_bent": "tanh 은닉층 하나는 XOR을 모두 맞힌다",
    "linear_layers_net": "은닉층 수 x 활성화 함수",
    "linear_layers_lowest": "최저 정확도",
    "linear_layers_mean": "평균 정확도",
    "linear_layers_highest": "최고 정확도",
    "linear_layers_accuracy": "XOR 정확도",
}
