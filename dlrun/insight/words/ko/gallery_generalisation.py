"""Messages of the gallery's lessons: generalisation."""

MESSAGES: dict[str, str] = {
    # 19. overfitting
    "overfitting_title": "일부러 만든 과적합, 그리고 그것을 고치는 방법",
    "overfitting_1": "유닛 100개짜리 층 일곱 개가 잡음 섞인 점 {rows}개를 배웁니다. {epochs} 에포크 뒤 훈련 손실은 "
    "{train}, 검증 손실은 {val}입니다. 검증 손실은 {turn} 에포크에 {lowest}까지 내려갔었습니다(시드 {seeds}개).",
    "overfitting_2": "대책을 하나씩만 써 보면 {cures}개 가운데 {helped}개가 시드의 흔들림을 넘어 검증 손실을 "
    "낮춥니다. 가장 많이 낮춘 것은 {best}({best_val}), 가장 적게 낮춘 것은 {least}({least_val})입니다.",
    "overfitting_3": "저마다 다른 방식으로 격차를 줄입니다. 가중치를 덜 정밀하게 하거나, 격차가 벌어지기 전에 "
    "멈추거나, 행을 늘려 외울 것을 줄입니다. 함께 쓸 수도 있으며, 무엇부터 해 볼지는 `dlrun diagnose`가 알려 줍니다.",
    "overfitting_claim_turn": "학습이 이어지는 동안 검증 손실은 다시 올라간다",
    "overfitting_claim_dropout": "드롭아웃은 검증 손실을 낮춘다",
    "overfitting_claim_l2": "L2는 검증 손실을 낮춘다",
    "overfitting_claim_l1": "L1은 검증 손실을 낮춘다",
    "overfitting_claim_early_stopping": "조기 종료는 검증 손실을 낮춘다",
    "overfitting_claim_more_rows": "다섯 배의 행은 검증 손실을 낮춘다",
    "overfitting_claim_noise": "입력 잡음은 검증 손실을 낮춘다",
    "overfitting_claim_smaller_net": "더 작은 신경망은 검증 손실을 낮춘다",
    "overfitting_of_nothing": "대책 없음",
    "overfitting_of_dropout": "드롭아웃 0.1",
    "overfitting_of_l2": "L2 0.003",
    "overfitting_of_l1": "L1 0.001",
    "overfitting_of_early_stopping": "조기 종료",
    "overfitting_of_more_rows": "행 1,500개",
    "overfitting_of_noise": "입력 잡음 0.2",
    "overfitting_of_smaller_net": "유닛 16개 한 층",
    "overfitting_cure": "대책",
    "overfitting_cured": "대책을 하나씩 썼을 때",
    "overfitting_train_loss": "훈련 손실",
    "overfitting_val_loss": "검증 손실",
    "overfitting_gap": "격차",
    "overfitting_accuracy": "검증 정확도",
    "overfitting_change": "검증 손실의 변화",
    "overfitting_epoch": "에포크",
    "overfitting_loss": "손실(데이터 손실)",
    "overfitting_subtitle": "시드 {seeds}개. 막대: 평균의 95 % 구간, 선: 대책 없음",
    # 20. capacity
    "capacity_title": "용량: 모자람과 넘침, 그 사이의 지도",
    "capacity_1": "크기가 다른 신경망 {all}개가 두 원에서 뽑은 잡음 섞인 점 120개를 배웁니다(시드 {seeds}개씩). "
    "과소적합 쪽은 {under}칸으로 너비가 모두 {widest_under} 이하이고, 과적합 쪽은 {over}칸으로 너비가 모두 "
    "{narrowest_over} 이상입니다.",
    "capacity_2": "층마다 유닛이 {narrow}개에서 {wide}개로 늘면 훈련 손실은 {narrow_train_loss}에서 "
    "{wide_train_loss}로 줄고, 검증 손실과 훈련 손실의 격차는 {narrow_gap}에서 {wide_gap}로 커집니다.",
    "capacity_3": "그래서 검증 손실은 그 사이에서 가장 낮습니다. 너비 {best_width}, 깊이 {best_depth}에서 "
    "{best_loss}입니다. 모든 깊이의 평균은 너비 {narrow}에서 {narrow_val_loss}, 너비 {wide}에서 {wide_val_loss}입니다.",
    "capacity_claim_sides": "좁은 신경망은 과소적합하고 넓은 신경망은 과적합한다",
    "capacity_claim_train": "넓은 신경망이 훈련 행에 더 잘 맞는다",
    "capacity_claim_gap": "격차는 너비와 함께 커진다",
    "capacity_claim_between": "가장 넓은 신경망은 더 좁은 어떤 신경망보다 검증 손실이 높다",
    "capacity_width": "너비",
    "capacity_train_loss": "훈련 손실",
    "capacity_val_loss": "검증 손실",
    "capacity_gap": "격차",
    # 21. validation data are not test data
    "test_data_title": "검증 데이터는 시험 데이터가 아니다",
    "test_data_1": "구성 {configurations}개 가운데 {rows}행에서 정확도가 가장 높은 것을 고르면, 바로 그 행들에서는 새 "
    "행들에서보다 {most_mean}점 좋아 보입니다(데이터를 {splits}번 새로 뽑아 {most_low}에서 {most_high}).",
    "test_data_2": "많이 시도할수록 더 좋아 보입니다. 구성이 하나여서 고르는 일이 없으면 {one_mean}점, 네 개면 "
    "{few_mean}점입니다.",
    "test_data_3": "고르는 데 쓰지 않은 {rows}행은 사실대로 말합니다. 거기서는 고른 구성이 "
    "{apart_mean}점({apart_low}에서 {apart_high}) 벗어납니다. 시험 행으로 고르면 보고할 시험 행이 남지 않습니다.",
    "test_data_claim_flattered": "24개 가운데 최선을 고른 행들은 그것을 실제보다 좋게 보여 준다",
    "test_data_claim_grows": "24개 가운데 최선은 4개 가운데 최선보다 더 부풀려진다",
    "test_data_claim_honest": "고르지 않은 행들의 오차는 그 4분의 1보다 작다",
    "test_data_tried": "시도한 구성 수",
    "test_data_chosen": "고른 행에서 부풀려진 정도(점)",
    "test_data_half": "± (95 %)",
    "test_data_apart": "따로 둔 행에서",
    "test_data_optimism": "보인 정확도 - 새 행의 정확도",
    "test_data_chosen_series": "고른 행에서",
    "test_data_apart_series": "따로 둔 행에서",
    # 22. random against grid search
    "random_search_title": "같은 비용의 격자 탐색, 무작위 탐색, 확대 탐색",
    "random_search_1": "학습률, 드롭아웃, L2를 {trials}번 시도할 때 격자는 학습률을 {grid_rates}개, 무작위 탐색은 "
    "{random_rates}개 시도합니다. 범위가 서로 다른 탐색 {repetitions}번에서 가장 낮은 검증 손실은 격자 {grid_best}, "
    "무작위 {random_best}입니다(개선 {random_gain_low}에서 {random_gain_high}).",
    "random_search_2": "격자는 운에 달려 있습니다. 가장 나쁠 때 격자의 최선은 {grid_worst}이고, 무작위 탐색은 "
    "{random_worst}, 확대 탐색은 {zoom_worst}입니다.",
    "random_search_3": "최선의 둘레에서 로그 눈금으로 다시 뽑는 확대 탐색은 시도를 더 잘 씁니다. 마지막 "
    "{last_trials}번의 중앙값은 {zoom_last}입니다(무작위 {random_last}). 최선에서 얻는 것은 작습니다. "
    "{zoom_best}이며 무작위보다 {zoom_gain_low}에서 {zoom_gain_high} 낫습니다.",
    "random_search_claim_random": "무작위 탐색은 같은 횟수의 격자보다 낮은 검증 손실을 찾는다",
    "random_search_claim_zoom": "확대 탐색의 마지막 3분의 1은 무작위 탐색의 그것보다 낫다",
    "random_search_claim_best": "확대 탐색의 최선은 무작위 탐색의 최선보다 나쁘지 않다",
    "random_search_grid": "격자",
    "random_search_random": "무작위",
    "random_search_zoom": "확대",
    "random_search_search": "탐색",
    "random_search_rates": "시도한 학습률 수",
    "random_search_best": "가장 낮은 검증 손실",
    "random_search_worst": "최선 가운데 최악",
    "random_search_last": "마지막 3분의 1의 중앙값",
    "random_search_rate": "학습률",
    "random_search_loss": "검증 손실",
    "random_search_trial": "지금까지 시도 수",
    "random_search_where": "탐색 하나씩(2.5보다 큰 손실은 위 끝에)",
    "random_search_sofar": "지금까지의 최선, 모든 탐색의 평균",
    # 23. ensembles
    "ensembles_title": "앙상블: 여러 신경망이 함께 정한다",
    "ensembles_1": "시드만 다른 신경망 {seeds}개는 처음 보는 숫자 {rows}개 가운데 평균 {single}를 맞힙니다. 그러나 "
    "맞히는 숫자는 서로 다릅니다. 전체 행의 {differ}에서 답이 갈립니다.",
    "ensembles_2": "합치면 평균적인 하나보다 낫습니다. 투표는 {vote_mean}점({vote_low}에서 {vote_high}), 확률의 평균은 "
    "{mean_mean}점({mean_low}에서 {mean_high}), 누구를 믿을지 검증 행에서 배우는 마지막 층은 "
    "{stack_mean}점({stack_low}에서 {stack_high})입니다.",
    "ensembles_3": "검증 행으로 고른 가장 좋은 하나({chosen})와 견주면 모두의 평균은 {over_mean}점({over_low}에서 "
    "{over_high})으로, {beyond}. 평균에는 고르기 위한 행이 필요 없고, 로그 손실은 "
    "{chosen_loss} 대신 {mean_loss}입니다.",
    "ensembles_better": "우연을 넘어섭니다",
    "ensembles_worse": "고른 것보다 못합니다",
    "ensembles_chance": "우연을 넘는 차이가 없습니다",
    "ensembles_note": "같은 숫자들을 {splits}번 나누었습니다. 나눈 것들이 행을 공유하므로 구간을 넓혔습니다(Nadeau와 "
    "Bengio 2003). 하나씩은 틀리도록 신경망을 작게 했습니다.",
    "ensembles_claim_vote": "다섯의 투표는 그 하나의 평균보다 더 자주 맞는다",
    "ensembles_claim_mean": "다섯의 평균은 그 하나의 평균보다 더 자주 맞는다",
    "ensembles_claim_stack": "다섯 위의 마지막 층은 그 하나의 평균보다 더 자주 맞는다",
    "ensembles_claim_loss": "다섯의 평균은 그 하나의 평균보다 로그 손실이 낮다",
    "ensembles_of_single": "하나의 평균",
    "ensembles_of_chosen": "검증 행에서 최선",
    "ensembles_of_vote": "투표",
    "ensembles_of_mean": "평균",
    "ensembles_of_stack": "마지막 층",
    "ensembles_way": "누가 정하나",
    "ensembles_accuracy": "시험 정확도",
    "ensembles_loss": "시험 로그 손실",
    "ensembles_over_single": "하나의 평균보다(점)",
    "ensembles_over_chosen": "고른 하나보다",
    "ensembles_against_single": "하나의 평균보다",
    "ensembles_against_chosen": "검증 행으로 고른 하나보다",
    "ensembles_members": "평균한 신경망 수",
    "ensembles_gain": "시험 정확도의 차이(점)",
    "ensembles_members_title": "더할수록 얻는 것이 줄어든다",
    "ensembles_ways_title": "다섯을 합치면 시험 정확도가 얼마나 높은가",
    "ensembles_subtitle": "{splits}번 나눈 평균과 95 % 구간. 0: 견준 것과 같음",
    # 24. the classics
    "classics_title": "고전 방법을 한 표에: 어디서나 이기는 방법은 없다",
    "classics_1": "둥근 점구름 셋을 {rows}행에서 배우면 {best}의 정확도가 {accuracy}로 가장 높습니다. {second}보다 "
    "{mean}점({low}에서 {high}) 앞섭니다. 서포트 벡터 머신은 {svm}, 신경망은 {net}입니다. 행이 적으면 가중치도 적어야 "
    "합니다.",
    "classics_2": "문턱값 규칙으로 정한 대출에서는 {best}의 정확도가 {accuracy}로 가장 높습니다. 트리가 아닌 것의 "
    "최선인 {second}보다 {mean}점({low}에서 {high}) 앞섭니다. 신경망은 {net}입니다. 트리는 문턱값을 묻습니다.",
    "classics_3": "두 나선에서는 {best}의 정확도가 {accuracy}로 가장 높습니다. {second}보다 {mean}점({low}에서 {high}) "
    "앞섭니다. 방법의 모양이 데이터의 모양과 같은 곳에서 이깁니다. `dlrun baselines`는 신경망의 행 그대로 다른 방법을 "
    "시험합니다.",
    "classics_note": "아무것도 조정하지 않았습니다. 방법마다 보통의 인자를 쓰고, 신경망은 셋 모두에서 같습니다. "
    "그래디언트 부스팅은 잎마다 20행이 필요하므로 18행에서는 아무것도 배우지 못합니다. 나눈 횟수: {splits}. 대출은 "
    "나눈 것들이 행을 공유하므로 구간을 넓혔습니다(Nadeau와 Bengio 2003).",
    "classics_aside": "k 최근접 이웃은 이 일곱에 들지 않습니다. 정확도는 {clouds}, {rules}, {spirals}입니다.",
    "classics_claim_clouds": "행이 적은 점구름에서는 로지스틱 회귀가 최선이고 나이브 베이즈, 모든 트리, 신경망을 "
    "이긴다",
    "classics_claim_rules": "문턱값 규칙에서는 합친 트리가 트리가 아닌 모든 방법을 이긴다",
    "classics_claim_spirals": "나선에서는 신경망이 다른 모든 방법을 이긴다",
    "classics_of_naive_bayes": "나이브 베이즈",
    "classics_of_linear_model": "로지스틱 회귀",
    "classics_of_svm": "서포트 벡터 머신",
    "classics_of_decision_tree": "의사결정 트리",
    "classics_of_random_forest": "랜덤 포레스트",
    "classics_of_gradient_boosting": "그래디언트 부스팅",
    "classics_of_mlp": "다층 퍼셉트론",
    "classics_method": "방법",
    "classics_clouds": "점구름 셋, 18행",
    "classics_rules": "문턱값 규칙",
    "classics_spirals": "두 나선",
    "classics_accuracy": "검증 정확도",
    "classics_subtitle": "나눈 것들의 평균과 95 % 구간. 주황색: 최선",
    # 25. MNIST and Fashion-MNIST
    "mnist_ensemble_title": "MNIST와 Fashion-MNIST: 데이터 증강과 앙상블",
    "mnist_ensemble_1": "{mnist_units} 신경망 {seeds}개가 에포크마다 새로 조금 돌리고 옮기고 늘인 숫자를 배웁니다. "
    "검증 이미지 {mnist_validation}개에서 하나는 {mnist_one}, 모두의 평균은 {mnist_joined}를 맞힙니다. 한 번만 연 "
    "시험 이미지 {mnist_test_rows}개에서는 {mnist_test_mean}({mnist_test_low}에서 {mnist_test_high})입니다.",
    "mnist_ensemble_2": "{fashion_units} 신경망 {seeds}개가 반 픽셀까지 옮긴 옷을 배웁니다. 하나는 {fashion_one}, "
    "모두의 평균은 {fashion_joined}를 맞히고, 시험 이미지에서는 {fashion_test_mean}({fashion_test_low}에서 "
    "{fashion_test_high})입니다.",
    "mnist_ensemble_3": "다섯을 합치면 검증 정확도가 숫자에서 {mnist_gain_mean}점({mnist_gain_low}에서 "
    "{mnist_gain_high}), 옷에서 {fashion_gain_mean}점({fashion_gain_low}에서 {fashion_gain_high}) 달라집니다. 이런 "
    "신경망은 어느 픽셀이 이웃인지 모릅니다. 데이터 증강은 어떤 변화에 뜻이 없는지 보여 줍니다.",
    "mnist_ensemble_note": "훈련 시간은 신경망 열 개를 모두 더해 {minutes}분입니다. 크기와 에포크는 구성 파일에 "
    "있으며, 검증 이미지로 정했습니다.",
    "mnist_ensemble_claim_mnist": "다섯을 합치면 MNIST에서 시험 정확도 {wanted}에 이른다",
    "mnist_ensemble_claim_fashion": "다섯을 합치면 Fashion-MNIST에서 시험 정확도 {wanted}에 이른다",
    "mnist_ensemble_claim_joined": "다섯의 평균은 하나보다 검증 정확도가 높다",
    "mnist_ensemble_of_mnist": "MNIST",
    "mnist_ensemble_of_fashion": "Fashion-MNIST",
    "mnist_ensemble_set": "데이터",
    "mnist_ensemble_one": "하나, 검증",
    "mnist_ensemble_joined": "다섯, 검증",
    "mnist_ensemble_test": "다섯, 시험",
    "mnist_ensemble_low": "부터",
    "mnist_ensemble_high": "까지",
    "mnist_ensemble_minutes": "분",
    "mnist_ensemble_accuracy": "정확도",
    "mnist_ensemble_bar_one": "하나, 검증",
    "mnist_ensemble_bar_joined": "다섯, 검증",
    "mnist_ensemble_bar_test": "다섯, 시험",
    "mnist_ensemble_subtitle": "막대: 95 % 구간. 하나는 시드 {seeds}개, 시험은 행에 걸친 구간",
}
