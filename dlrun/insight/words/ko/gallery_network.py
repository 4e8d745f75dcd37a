"""Messages of the gallery's lessons: network."""

MESSAGES: dict[str, str] = {
    # 14. activations
    "activations_title": "활성화 함수: 기울기가 통과시키는 것",
    "activations_1": "시그모이드의 기울기는 어디서나 {steepest} 이하이고 입력 6에서는 {far}입니다(tanh: {tanh_far}). "
    "그래서 이런 층 {depth}개의 기울기만으로도 되돌아오는 신호는 많아야 {left}배가 남습니다. ReLU의 기울기는 0보다 큰 "
    "모든 입력에서 1입니다.",
    "activations_2": "digits에서 시그모이드 은닉층 {depth}개인 신경망은 검증 손실 {sigmoid}에 머물고(찍기는 "
    "{trivial}) ReLU는 {relu}에 이릅니다. 은닉층이 하나면 시그모이드도 {shallow}를 맞힙니다. 기울기가 어디서나 0인 "
    "계단 함수는 은닉층 가중치를 {moved}만큼 움직입니다.",
    "activations_3": "그래서 ReLU가 기본이 되었습니다. 기울기가 사라지지 않는 함수 가운데 가장 단순합니다. 초기 "
    "가중치만 맞으면 tanh, leaky ReLU, GELU, SiLU도 {lowest}에서 {highest} 사이의 정확도로 끝납니다.",
    "activations_claim_flat": "시그모이드의 기울기는 1/4 이하이고 6 너머에서 평평하며, ReLU의 기울기는 거기서 1이다",
    "activations_claim_deep": "시그모이드 은닉층 다섯 개는 거의 배우지 못한다",
    "activations_claim_shallow": "시그모이드 은닉층 하나는 배운다",
    "activations_claim_relu": "ReLU 은닉층 다섯 개는 배운다",
    "activations_claim_step": "계단 함수 아래의 은닉층은 전혀 움직이지 않는다",
    "activations_claim_alike": "tanh, ReLU와 새 함수들의 정확도는 서로 5점 안에 있다",
    "activations_activation": "활성화 함수",
    "activations_steepest": "최대 기울기",
    "activations_far": "6에서 기울기",
    "activations_loss": "검증 손실",
    "activations_accuracy": "검증 정확도",
    "activations_input": "입력",
    "activations_epoch": "에포크",
    "activations_functions": "함수",
    "activations_slopes": "기울기",
    "activations_curves": "digits, 은닉층 {depth}개",
    # 15. initial weights
    "initial_weights_title": "초기 가중치: 다섯 층에 도달하는 것",
    "initial_weights_1": "같은 가중치는 끝까지 같습니다. 훈련 뒤 한 층의 유닛들은 0에서 시작하면 {zeros}, 한 상수에서 "
    "시작하면 {constant}만큼 다릅니다. 은닉층이 다섯인 이런 신경망은 digits를 각각 {zeros_accuracy}, "
    "{constant_accuracy} 맞힙니다.",
    "initial_weights_2": "시그모이드에서 표준편차 1은 다섯째 층 값의 {std_1_saturated}를 양 끝으로 몰고, 0.01은 "
    "퍼짐을 거의 남기지 않습니다({std_001_fifth}, Xavier는 {xavier_sigmoid_fifth}). 너무 작은 시작은 끝내 배우지 "
    "못하지만({std_001_accuracy}), 포화된 시작은 Adam으로는 그래도 배웁니다({std_1_accuracy}, Xavier는 "
    "{xavier_sigmoid_accuracy}).",
    "initial_weights_3": "첫 층에서 다섯째 층까지 Xavier는 tanh의 폭을 살려 두지만({xavier_tanh_first}에서 "
    "{xavier_tanh_fifth}) ReLU는 잦아들게 합니다({xavier_relu_first}에서 {xavier_relu_fifth}). 분산이 두 배인 He는 "
    "그렇지 않습니다({he_relu_first}에서 {he_relu_fifth}). 다섯 층은 그 차이가 학습에 드러나기에 너무 적습니다: "
    "{xavier_tanh_accuracy}, {xavier_relu_accuracy}, {he_relu_accuracy}.",
    "initial_weights_claim_equal": "같게 시작한 유닛은 끝까지 같다",
    "initial_weights_claim_saturated": "표준편차 1은 시그모이드 값의 4분의 1 넘게를 양 끝으로 몬다",
    "initial_weights_claim_small": "표준편차 0.01은 다섯째 층에 퍼짐을 거의 남기지 않는다",
    "initial_weights_claim_he": "ReLU의 폭은 He 가중치에서 다섯 층 동안 유지되고 Xavier에서는 아니다",
    "initial_weights_claim_learnt": "맞는 가중치는 배우고, 같거나 너무 작은 가중치는 배우지 못한다",
    "initial_weights_claim_tie": "다섯 층에서 ReLU의 He와 Xavier는 서로 5점 안에서 끝난다",
    "initial_weights_start": "시작",
    "initial_weights_zeros": "0, 시그모이드",
    "initial_weights_constant": "상수 0.1, 시그모이드",
    "initial_weights_std_1": "표준편차 1, 시그모이드",
    "initial_weights_std_001": "표준편차 0.01, 시그모이드",
    "initial_weights_xavier_sigmoid": "Xavier, 시그모이드",
    "initial_weights_xavier_tanh": "Xavier, tanh",
    "initial_weights_xavier_relu": "Xavier, ReLU",
    "initial_weights_he_relu": "He, ReLU",
    "initial_weights_spread_1": "표준편차, 1층",
    "initial_weights_spread_5": "표준편차, 5층",
    "initial_weights_saturated": "포화, 5층",
    "initial_weights_accuracy": "정확도",
    "initial_weights_learnt": "정확도 {accuracy}",
    "initial_weights_layer": "{number}층",
    "initial_weights_subtitle": "훈련 전 활성화 값, 300행. 막대는 전체 값의 {share}에서 끝납니다",
    # 16. batch normalization
    "batch_normalization_title": "배치 정규화: 시작에 덜 좌우된다",
    "batch_normalization_1": "은닉층이 다섯인 신경망은 초기 가중치의 표준편차 {all_spreads}가지(0.01에서 1) 가운데 "
    "배치 정규화가 없으면 {without_spreads}가지에서, 있으면 {with_spreads}가지에서 digits를 배웁니다.",
    "batch_normalization_2": "시작이 맞지 않을 때 더 빠릅니다. 검증 손실 {below}까지 표준편차 0.1에서는 "
    "{without_small} 에포크 대신 {with_small} 에포크, He의 0.18에서는 {without_he} 대신 {with_he} 에포크가 걸립니다. "
    "학습률 {all_rates}가지(0.05에서 1)에서는 {without_rates}가지 대신 {with_rates}가지가 통합니다.",
    "batch_normalization_3": "과적합은 사라지지 않지만 약해집니다. 각자 가장 좋은 학습률({with_rate}, {without_rate}, "
    "시드 {seeds}개)에서 검증 손실은 {without_loss} 대신 {with_loss}이고, 훈련 손실보다 {without_gap} 대신 {with_gap} "
    "높습니다.",
    "batch_normalization_note": "손실은 배치 정규화의 이동 평균(모멘텀 0.99)으로 잽니다. 이동 평균은 처음 에포크에서 "
    "뒤처지므로 거기서는 곡선이 실제로 훈련 중인 신경망보다 나빠 보입니다.",
    "batch_normalization_never": "20 초과",
    "batch_normalization_claim_spreads": "배치 정규화가 있으면 적어도 두 가지 표준편차가 더 통한다",
    "batch_normalization_claim_faster": "가중치가 너무 작게 시작하면 더 적은 에포크에 배운다",
    "batch_normalization_claim_rates": "더 높은 학습률이 통한다",
    "batch_normalization_claim_milder": "각자 가장 좋은 학습률에서 검증 손실이 더 낮다",
    "batch_normalization_with": "배치 정규화 있음",
    "batch_normalization_without": "없음",
    "batch_normalization_spread": "초기 표준편차",
    "batch_normalization_without_accuracy": "정확도, 없음",
    "batch_normalization_with_accuracy": "정확도, 있음",
    "batch_normalization_without_epochs": "에포크, 없음",
    "batch_normalization_with_epochs": "에포크, 있음",
    "batch_normalization_accuracy": "검증 정확도",
    "batch_normalization_spread_axis": "초기 가중치의 표준편차",
    "batch_normalization_rate_axis": "학습률",
    "batch_normalization_spread_panel": "시작, 학습률 0.05",
    "batch_normalization_rate_panel": "학습률, He 초기 가중치",
    "batch_normalization_best_panel": "각자 가장 좋은 학습률",
    "batch_normalization_val_loss": "검증 손실",
    "batch_normalization_epoch": "에포크",
    # 17. width and depth
    "width_depth_title": "너비 두 배, 깊이 두 배, 둘 다",
    "width_depth_1": "너비를 두 배로 하면({base_net} 대신 {wide_net}) 가중치가 {base_parameters}개에서 "
    "{wide_parameters}개로, 깊이를 두 배로 하면({deep_net}) {deep_parameters}개로, 둘 다 하면({both_net}) "
    "{both_parameters}개로 늘어납니다. `widen: 2`는 모든 층을 두 배로 하고, 각 층을 제자리에서 되풀이하는 `deepen: "
    "2`는 첫 신경망을 {deepened}로 만듭니다.",
    "width_depth_2": "용량이 모자라면 효과가 있습니다. 네 비트의 홀짝에서 16행을 모두 맞히는 비율은 시드 "
    "{parity_seeds}개 가운데 작은 신경망 {base_solved}, 넓은 신경망 {wide_solved}, 첫 층이 좁은 깊은 신경망 "
    "{deep_solved}, 둘 다인 신경망 {both_solved}입니다.",
    "width_depth_3": "데이터가 모자라면 효과가 없습니다. 종양 측정값 네 개(시드 {seeds}개)에서 훈련 손실은 "
    "{base_train}에서 각각 {wide_train}, {deep_train}, {both_train}이 되지만, 가장 낮은 검증 손실은 {base_val}에서 "
    "{wide_val}, {deep_val}, {both_val}이 됩니다.",
    "width_depth_claim_counted": "한 층의 가중치는 (입력 수 + 1) x 유닛 수이다",
    "width_depth_claim_parity": "너비를 두 배로 하면 더 많은 시드가 홀짝을 푼다",
    "width_depth_claim_both": "넓고 깊은 신경망은 좁고 깊은 신경망 이상으로 홀짝을 푼다",
    "width_depth_claim_fit": "넓은 신경망은 작은 신경망보다 훈련 행에 더 잘 맞는다",
    "width_depth_claim_no_gain": "더 큰 신경망은 종양 데이터의 가장 낮은 검증 손실을 5 % 낮추지 못한다",
    "width_depth_net": "신경망",
    "width_depth_parameters": "가중치 수",
    "width_depth_share_solved": "홀짝을 푼 비율",
    "width_depth_mean_train": "훈련 손실",
    "width_depth_mean_val": "가장 낮은 검증 손실",
    "width_depth_parity": "네 비트의 홀짝: 모두 맞힌 시드의 비율",
    "width_depth_tumours": "종양: 손실",
    "width_depth_train_curve": "마지막 훈련 손실",
    "width_depth_val_curve": "가장 낮은 검증 손실",
    # 18. very deep
    "very_deep_title": "아주 깊은 신경망: 층마다 받은 만큼 넘겨야 한다",
    "very_deep_1": "Xavier 가중치로 15 에포크를 훈련하면 ReLU 은닉층 5개는 digits의 {xavier_5}를 맞히고, 10개는 "
    "{xavier_10}, 20개는 {xavier_20}, 50개는 {xavier_50}를 맞힙니다. 도달하는 값의 표준편차가 첫 층의 "
    "{xavier_first}에서 쉰째 층의 {xavier_last}로 줄어듭니다.",
    "very_deep_2": "He 가중치는 훨씬 덜 잃고({he_last}) 한계를 옮깁니다. 10층 {he_10}, 20층 {he_20}, 50층 "
    "{he_50}입니다. 학습률을 5분의 1로 하면 가장 깊은 신경망은 나아지고({slow_20}, {slow_50}) 나머지는 느려집니다(5층 "
    "{slow_5}).",
    "very_deep_3": "배치 정규화를 쓰면 10층 {normalized_10}, 20층 {normalized_20}입니다. digits에서 깊이만으로 얻는 "
    "것은 없습니다. 가장 좋은 것은 {best_depth}층의 {best}입니다.",
    "very_deep_claim_xavier": "Xavier 가중치에서 ReLU 5층은 배우고 50층은 배우지 못한다",
    "very_deep_claim_spread": "ReLU 50층을 지나면 표준편차가 Xavier에서는 사라지고 He에서는 100분의 1 넘게 남는다",
    "very_deep_claim_he": "20층은 Xavier보다 He 가중치에서 훨씬 많이 배운다",
    "very_deep_claim_slow": "학습률이 작으면 50층에서 더 많이 얻는다",
    "very_deep_claim_normalized": "배치 정규화는 20층에서 He 가중치만 쓸 때보다 더 많이 얻는다",
    "very_deep_note": "수업이 길어지지 않도록 배치 정규화는 {depth}층까지만 보입니다. 50층은 컴파일에 2분이 걸립니다. "
    "`dlrun train configs/gallery/very-deep.yaml`은 그런 신경망을 TensorFlow로 학습하는데, 역시 거의 배우지 못합니다. "
    "해결책은 다른 구조(층을 건너뛰는 연결)입니다.",
    "very_deep_remedy": "처방",
    "very_deep_layers": "{count}층",
    "very_deep_xavier": "Xavier",
    "very_deep_he": "He",
    "very_deep_slow": "He, 학습률 5분의 1",
    "very_deep_normalized": "He, 배치 정규화",
    "very_deep_depth": "은닉층 수",
    "very_deep_accuracy": "검증 정확도",
}
