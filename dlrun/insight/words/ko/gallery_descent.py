"""Messages of the gallery's lessons: descent."""

MESSAGES: dict[str, str] = {
    "epoch": "에포크",
    "train_loss": "훈련 손실",
    "rate": "학습률",
    # 8. batch sizes
    "batch_sizes_title": "배치, 미니배치, 온라인 경사 하강법: 스텝과 잡음",
    "batch_sizes_subtitle": "왼쪽: 진한 선은 시드 하나, 흐린 선은 나머지. 오른쪽: 점은 무작위 미니배치로 잰 값, 선은 "
    "공식",
    "batch_sizes_1": "학습률 {rate}로 {rows}행을 {epochs} 에포크 훈련하면, 배치 경사 하강법은 {whole_steps}스텝에 "
    "훈련 손실 {whole_loss}, 32행 미니배치는 {mini_steps}스텝에 {mini_loss}, 한 행씩 하면 {online_steps}스텝에 "
    "{online_loss}에 이릅니다(시드 {seeds}개 평균).",
    "batch_sizes_2": "대가는 잡음입니다. 다음 에포크에서 손실이 오른 경우는 전체 배치 {whole_rises}, 미니배치 "
    "{mini_rises}, 온라인 {online_rises}입니다.",
    "batch_sizes_3": "미니배치의 손실은 전체 손실의 추정값입니다. 크기마다 {draws}번 뽑으면 퍼짐은 배치 크기의 "
    "{slope} ± {half}제곱, 곧 제곱근에 반비례해 줄어듭니다. 에포크처럼 되돌려 놓지 않고 뽑으면 전체에 가까울수록 더 "
    "빨리 줄어듭니다.",
    "batch_sizes_note": "초는 모든 시드를 나란히 훈련할 때 실행 하나의 몫이며, 스텝 말고도 에포크마다 드는 "
    "시간(프로그램 호출, 모든 행의 손실 측정)을 포함합니다.",
    "batch_sizes_claim_further": "같은 에포크 뒤에 미니배치의 훈련 손실이 전체 배치보다 낮다 (시드에 대한 95 % 구간)",
    "batch_sizes_claim_never": "전체 배치에서는 훈련 손실이 한 번도 오르지 않는다",
    "batch_sizes_claim_more": "모든 시드에서 온라인 손실은 미니배치 손실보다 자주 오르고, 미니배치 손실도 때때로 "
    "오른다",
    "batch_sizes_claim_root": "미니배치 손실의 퍼짐은 크기의 제곱근에 반비례한다",
    "batch_sizes_claim_formula": "시드 평균에서 되돌려 놓든 아니든 퍼짐은 모두 공식과 5 % 안에서 맞는다",
    "batch_sizes_batch": "배치",
    "batch_sizes_steps": "스텝",
    "batch_sizes_seconds": "초",
    "batch_sizes_last": "마지막 훈련 손실",
    "batch_sizes_rises": "오른 에포크",
    "batch_sizes_of_whole": "전체 배치",
    "batch_sizes_of_mini": "{size}행 미니배치",
    "batch_sizes_of_online": "온라인, 한 행씩",
    "batch_sizes_size": "배치 크기",
    "batch_sizes_spread": "미니배치 손실의 퍼짐",
    "batch_sizes_drawn_spread": "되돌려 놓음: σ / √b",
    "batch_sizes_drawn_without": "되돌려 놓지 않음: σ / √b · √((N - b) / (N - 1))",
    # 9. learning rates
    "learning_rates_title": "학습률: 너무 작게, 알맞게, 너무 크게, 그리고 출발점",
    "learning_rates_1": "학습률 범위 검사는 스텝마다 학습률을 키우며 손실을 봅니다. 검사 {tests}번은 {right_rate}를 "
    "권하고, {edge_rate} 근처에서 손실이 가장 낮으며, 높아도 {large_rate}에서 손실이 치솟아 끝납니다.",
    "learning_rates_2": "{epochs} 에포크 뒤 훈련 손실은 권한 값의 100분의 1에서 {small_loss}, 권한 값에서 "
    "{right_loss}이고, {large_rate}에서는 시드 {seeds}개 중 {large_diverged}개가 발산합니다.",
    "learning_rates_3": "출발점도 중요합니다. 우물이 둘인 곡면에서는 출발점 {starts}개 중 {higher}가 더 높은 우물에서 "
    "끝납니다. 고원에서는 {short}스텝 뒤 {up}가 아직 위에 있는데, 출발한 곳의 기울기가 평균 {slope_up}로 나머지의 "
    "{slope_down}보다 작기 때문입니다. {long}스텝 뒤에는 {up_later}가 남습니다.",
    "learning_rates_note": "권한 값은 신중한 값입니다. 경계인 {edge_rate}에서는 시드 {seeds}개 중 {edge_diverged}개가 "
    "발산하고 나머지는 {edge_loss}에 이릅니다. 곡면은 SGD로 한 `dlrun descent --starts`입니다.",
    "learning_rates_claim_small": "권한 학습률의 100분의 1은 훈련 손실이 더 높게 끝난다 (시드에 대한 95 % 구간)",
    "learning_rates_claim_right": "권한 학습률에서는 어느 시드도 발산하지 않는다",
    "learning_rates_claim_large": "범위 검사가 끝난 학습률에서는 모든 시드가 발산한다",
    "learning_rates_claim_wells": "출발점의 4분의 1 넘게 더 높은 우물에서 끝난다 (95 % 구간)",
    "learning_rates_claim_plateau": "짧은 시간 뒤에는 출발점의 4분의 1 넘게 아직 고원에 있고 긴 시간 뒤에는 더 적으며 "
    "(95 % 구간), 출발한 곳의 기울기가 나머지의 절반보다 작다",
    "learning_rates_name": "학습률은",
    "learning_rates_rate": "값",
    "learning_rates_loss": "마지막 훈련 손실",
    "learning_rates_diverged": "발산한 시드",
    "learning_rates_of_small": "너무 작음",
    "learning_rates_of_right": "권한 값",
    "learning_rates_of_edge": "경계",
    "learning_rates_of_large": "너무 큼",
    "learning_rates_gone": "{seeds}개 중 {diverged}개 발산",
    "learning_rates_ranges": "범위 검사: 스텝마다의 손실, 평활",
    "learning_rates_curves": "시드마다의 훈련 손실",
    "learning_rates_on_two_wells": "우물 둘: 끝난 곳에 따른 출발점",
    "learning_rates_on_plateau": "고원: {steps}스텝 뒤 있는 곳에 따른 출발점",
    "learning_rates_subtitle": "위: 범위 검사 {tests}번, 점선은 검사가 가리킨 학습률, 오른쪽은 그 학습률로 한 훈련. "
    "아래: 많은 출발점에서 SGD",
    "learning_rates_to_lower": "더 낮은 우물",
    "learning_rates_to_higher": "더 높은 우물",
    "learning_rates_to_between": "어느 쪽도 아님",
    "learning_rates_to_down": "우물 안",
    "learning_rates_to_up": "아직 위",
    # 10. optimizers
    "optimizers_title": "옵티마이저: 기울기가 걸음이 되는 방법",
    "optimizers_1": "한쪽이 다른 쪽보다 스무 배 가파른 그릇을 내려갈 때 {steps}걸음 동안 SGD는 {sgd_turns}번, "
    "모멘텀은 {momentum_turns}번, Adam은 {adam_turns}번 방향을 되돌립니다.",
    "optimizers_2": "기울기가 거의 변하지 않는 비탈에서 AdaGrad의 학습률 {slope_rate}는 첫걸음에 {adagrad_first}, "
    "{slope_steps}걸음 뒤에는 {adagrad_last}처럼 작용합니다(걸음 수의 {power}제곱으로 줄어듦). RMSProp은 "
    "{rmsprop_first}와 {rmsprop_last}입니다. 지난 기울기를 잊기 때문에 멈추지 않습니다.",
    "optimizers_3": "Adam의 첫걸음은 학습률과 같습니다. 편향 보정이 없으면 그 {first}배, {most_at}걸음째에는 "
    "{most}배로, 너무 작은 것이 아니라 너무 큽니다. 신경망에서 학습률 {rates}가지 중 각자 가장 좋은 것을 쓰면 "
    "{epochs} 에포크 뒤 훈련 손실은 SGD {sgd_loss}, Adam {adam_loss}로, {share}배입니다(시드 {seeds}개의 95 % "
    "구간에서 많아야 {share_high}배).",
    "optimizers_note": "그릇에서는 `dlrun descent`의 학습률을, 신경망에서는 시험한 학습률 중 보인 시드들의 마지막 "
    "훈련 손실의 기하 평균이 가장 낮은 것을 씁니다.",
    "optimizers_claim_zigzag": "그릇에서 SGD는 모멘텀과 Adam의 세 배보다 자주 방향을 되돌린다",
    "optimizers_claim_dies": "AdaGrad의 학습률은 5분의 1 아래로 줄어든다",
    "optimizers_claim_lives": "RMSProp의 학습률은 정한 값의 20 % 안에 자리 잡는다",
    "optimizers_claim_bias": "Keras의 Adam은 논문의 보정된 식과 같고, 보정이 없으면 첫걸음이 세 배보다 길다",
    "optimizers_claim_adam": "가장 좋은 학습률에서 Adam의 훈련 손실이 SGD보다 낮다 (시드에 대한 95 % 구간)",
    "optimizers_optimizer": "옵티마이저",
    "optimizers_rate": "가장 좋은 학습률",
    "optimizers_loss": "마지막 훈련 손실",
    "optimizers_turns": "그릇에서 되돌린 횟수",
    "optimizers_step": "걸음",
    "optimizers_bowl": "f(x, y) = x²/20 + y² 위의 경로",
    "optimizers_left": "비탈에서 작용하는 학습률",
    "optimizers_curves": "신경망의 훈련 손실, 가장 좋은 학습률",
    "optimizers_subtitle": "왼쪽과 가운데: 두 수의 곡면 위 Keras 옵티마이저. 오른쪽: 모든 시드의 기하 평균",
    "optimizers_lowest": "최저",
    "optimizers_highest": "최고 시드",
    # 11. schedules
    "schedules_title": "학습률을 줄이면 손실이 가라앉는다",
    "schedules_1": "학습률을 {rate}에 고정하면 손실은 멈추지 않고 흔들립니다. {epochs} 에포크 중 마지막 {tail} "
    "에포크에서 표준편차가 {shaking}이고, 시드 {seeds}개 평균 {constant}에서 끝나며, 가장 좋은 에포크도 "
    "{constant_best}입니다.",
    "schedules_2": "학습률을 줄이면 {step}(계단식 감소), {cosine}(코사인), {plateau}(정체 시 감소)에서 끝나고, "
    "흔들림은 {calmer}분의 1 이하입니다.",
    "schedules_3": "계단식과 코사인은 훈련 전에 정해진 계획을 따릅니다. 정체 시 감소는 손실이 더 내려가지 않을 때까지 "
    "기다리며, 여기서는 실행마다 평균 {cuts}번 줄였습니다. 처음 줄인 때는 시드에 따라 {first}~{latest} 에포크입니다.",
    "schedules_claim_step": "계단식 감소는 고정 학습률보다 훈련 손실이 낮게 끝난다 (시드에 대한 95 % 구간)",
    "schedules_claim_cosine": "코사인은 고정 학습률보다 훈련 손실이 낮게 끝난다 (시드에 대한 95 % 구간)",
    "schedules_claim_plateau": "정체 시 감소는 고정 학습률보다 훈련 손실이 낮게 끝난다 (시드에 대한 95 % 구간)",
    "schedules_claim_shaking": "줄어드는 학습률은 끝에서 고정 학습률의 3분의 1보다 적게 흔들린다",
    "schedules_schedule": "스케줄",
    "schedules_last": "마지막 훈련 손실",
    "schedules_half": "± (95 %)",
    "schedules_best": "가장 좋은 에포크",
    "schedules_shaking": "끝의 흔들림",
    "schedules_rate": "마지막 학습률",
    "schedules_of_constant": "고정",
    "schedules_of_step": "계단식 감소",
    "schedules_of_cosine": "코사인",
    "schedules_of_plateau": "정체 시 감소",
    "schedules_subtitle": "위: 시드 {seeds}개의 평균과 최저~최고. 아래: 학습률. 정체 시 감소는 시드마다 선 하나",
    # 12. backpropagation
    "backpropagation_title": "역전파: 네 방정식이 앞뒤로 한 번씩만 지나며 모든 미분을 준다",
    "backpropagation_1": "유닛이 {units}개인 신경망에 네 방정식을 numpy로 써 보면 Keras가 주는 미분 {parameters}개와 "
    "같습니다. 가중치가 무작위인 신경망 {seeds}개에서 가장 큰 차이는 층의 가장 큰 미분의 {keras}배입니다.",
    "backpropagation_2": "폭 0.0001의 중심 차분도 {central}까지 맞지만, 방정식이 순전파 한 번과 역전파 한 번, {fast} "
    "ms면 될 일에 순전파 {passes}번과 {slow} ms가 듭니다. 검산에는 쓰지만 학습에는 쓸 수 없습니다.",
    "backpropagation_3": "가중치의 미분은 들어오는 활성값과 나가는 유닛의 오차를 곱한 것이라 어느 하나가 작으면 "
    "느리게 배웁니다. 활성값 0.1 미만인 유닛에서 나온 가중치의 미분은 0.9를 넘는 유닛에서 나온 것의 {weak}배이고, "
    "포화된 유닛(0.1 미만 또는 0.9 초과)으로 가는 가중치의 미분은 중간(0.3~0.7)인 유닛으로 가는 것의 "
    "{saturated}배입니다.",
    "backpropagation_note": "미분은 breast_cancer {rows}행에서 float64로 검산했습니다. 폭이 작을수록 좋은 것은 "
    "아닙니다. 반올림 오차가 커지기 때문입니다. 시험한 폭 가운데 중심 차분은 {at_central}({best_central}), 한쪽 "
    "차분은 {at_one_sided}({best_one_sided})에서 가장 정확합니다.",
    "backpropagation_claim_keras": "네 방정식은 Keras의 기울기와 같다",
    "backpropagation_claim_central": "폭 1e-4의 중심 차분은 모든 층에서 맞는다",
    "backpropagation_claim_better": "모든 신경망의 모든 층에서 중심 차분이 한쪽 차분보다 가깝다",
    "backpropagation_claim_weak": "모든 신경망에서 0.1 미만인 유닛에서 나온 가중치의 미분은 0.9를 넘는 유닛에서 나온 "
    "것의 5분의 1보다 작다",
    "backpropagation_claim_saturated": "모든 신경망에서 포화된 유닛으로 가는 가중치의 미분은 중간인 유닛으로 가는 "
    "것의 절반보다 작다",
    "backpropagation_layer": "층",
    "backpropagation_parameters": "매개변수",
    "backpropagation_keras": "방정식과 Keras",
    "backpropagation_central": "중심 차분",
    "backpropagation_one_sided": "한쪽 차분",
    "backpropagation_of_central": "중심 차분",
    "backpropagation_of_one_sided": "한쪽 차분",
    "backpropagation_of_from": "나온 유닛",
    "backpropagation_of_to": "들어가는 유닛",
    "backpropagation_step": "차분의 폭",
    "backpropagation_off": "방정식과의 가장 큰 차이",
    "backpropagation_share": "미분 (1: 행의 평균)",
    "backpropagation_activation": "유닛의 활성값",
    "backpropagation_subtitle": "왼쪽: 차분의 정확도. 오른쪽: 둘째 층 가중치의 미분. 신경망들의 평균과 최저~최고",
    # 13. losses
    "losses_title": "손실이 할 일: 작은 걸음을 모두 구별하고, 크게 틀렸을 때도 당긴다",
    "losses_1": "정확도는 손실이 될 수 없습니다. 신경망 {lines}개를 지나는 무작위 방향의 직선에서 작은 걸음의 "
    "{flat}는 정확도를 전혀 바꾸지 않아 기울기가 아무것도 알려 주지 않지만, 교차 엔트로피는 {moves}에서 바뀝니다.",
    "losses_2": "크게 틀린 출력(시그모이드 앞에서 {wrong}, 정답은 1)에서 교차 엔트로피의 기울기는 {cross_pull}, 평균 "
    "제곱 오차는 {squared_pull}입니다. 큰 무작위 가중치에서 정확도 {good}에 처음 이르기까지 교차 엔트로피는 {cross}, "
    "평균 제곱 오차는 {squared} 에포크가 걸리고(시드 {seeds}개 평균. 평균 제곱 오차의 {never}개는 {epochs} 에포크 "
    "안에 이르지 못해 하나 더한 값으로 셈), 학습률을 세 배로 한 평균 제곱 오차는 {faster} 에포크가 걸립니다.",
    "losses_3": "식 그대로의 소프트맥스는 float32에서 출력 {float32}(float64에서는 {float64})부터 실패하지만 최댓값을 "
    "빼면 실패하지 않고, 둘 다 되는 곳의 차이는 {shift} 이하입니다. 클래스가 둘이면 차의 시그모이드와 "
    "같고({sigmoid}까지), {rows}행의 {largest}에서 가장 큰 출력이 그대로이므로 클래스를 고르는 데는 소프트맥스가 필요 "
    "없습니다.",
    "losses_claim_flat": "작은 걸음의 90 % 넘게 정확도는 그대로이고, 손실은 모두 바뀐다",
    "losses_claim_cross": "큰 무작위 가중치에서 교차 엔트로피는 평균 제곱 오차보다, 또 학습률이 세 배인 평균 제곱 "
    "오차보다 먼저 정확도 90 %에 이른다 (시드에 대한 95 % 구간)",
    "losses_claim_pull": "크게 틀린 출력에서 교차 엔트로피의 기울기는 평균 제곱 오차의 100배가 넘는다",
    "losses_claim_shift": "최댓값을 빼도 소프트맥스는 그대로이며, 출력이 1000 근처면 빼야만 수가 나온다",
    "losses_claim_sigmoid": "두 클래스의 소프트맥스는 차의 시그모이드이다",
    "losses_claim_largest": "가장 큰 출력은 소프트맥스 앞뒤에서 같다",
    "losses_loss": "손실",
    "losses_rate": "학습률",
    "losses_epochs": "90 %까지 에포크",
    "losses_accuracy": "마지막 훈련 정확도",
    "losses_curve": "훈련 정확도",
    "losses_half": "± (95 %)",
    "losses_cross_entropy": "교차 엔트로피",
    "losses_place": "가중치를 지나는 걸음, 길이의 %",
    "losses_of_cross": "교차 엔트로피",
    "losses_of_squared": "제곱 오차",
    "losses_of_faster": "제곱 오차, 학습률 3배",
    "losses_subtitle": "왼쪽: 훈련한 신경망의 가중치를 지나는 직선. 오른쪽: 큰 무작위 가중치에서 시작. 흐린 선은 "
    "시드, 진한 선은 평균",
}
