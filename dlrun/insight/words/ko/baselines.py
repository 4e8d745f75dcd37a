"""Messages about baselines."""

MESSAGES: dict[str, str] = {
    "none": "값을 얻은 기준 모델이 없습니다.",
    "no_net": "가장 좋은 기준 모델은 {baseline}입니다({metric} {other}). 같은 행으로 훈련한 신경망은 아직 저장소에 "
    "없습니다. `dlrun train CONFIG`로 훈련할 수 있습니다.",
    "train_only": "검증용으로 떼어 둔 행이 없어 새로운 행에서 어느 쪽이 나은지 알 수 없습니다. {net}: {metric} "
    "{value}, {baseline}: {other}.",
    "net_better": "가장 좋은 신경망 {net}: 가장 좋은 기준 모델({baseline})보다 낫습니다. {metric} {value} 대 {other}, "
    "차이 {change}.",
    "net_worse": "가장 좋은 신경망 {net}: 기준 모델({baseline})보다 못합니다. {metric} {value} 대 {other}, 차이 "
    "{change}.",
    "net_tie": "가장 좋은 신경망 {net}: 가장 좋은 기준 모델({baseline})과 구별되지 않습니다. {metric} {value} 대 "
    "{other}, 차이 {change}.",
    "net_cannot_tell": "가장 좋은 신경망 {net}: {metric} {value}, 가장 좋은 기준 모델({baseline}): {other}, 차이 "
    "{change}. {why}.",
    "why_unknown": "저장된 것만으로는 이 가운데 얼마가 우연인지 알 수 없습니다",
    "why_grouped": "행이 묶음(data.group)을 이루어 서로 독립이 아니므로 이 가운데 얼마가 우연인지 알 수 없습니다",
    "why_diverged": "앞선 쪽의 시드 일부가 발산하였고, 남은 시드만으로는 실제보다 좋아 보입니다",
    "name_trivial": "자명한 예측기",
    "name_naive_bayes": "나이브 베이즈",
    "name_linear_model": "로지스틱 회귀",
    "name_linear_model_numbers": "선형 회귀",
    "name_nearest_neighbors": "k-최근접 이웃",
    "name_svm": "서포트 벡터 머신",
    "name_svm_numbers": "서포트 벡터 회귀",
    "name_decision_tree": "의사결정 트리",
    "name_random_forest": "랜덤 포레스트",
    "name_gradient_boosting": "그래디언트 부스팅",
    "size": "{size}",
    "with_seeds": "{size} ± {half}(95 %, 검증 행 {rows}개와 시드에 대한 구간)",
    "rows_alone": "{size} ± {half}(95 %, 검증 행 {rows}개에 대한 구간이며 시드는 들어 있지 않습니다)",
    "more_nets": "신경망은 가장 좋은 구성 5개만 보입니다. 나머지 {count}개는 `dlrun compare`로 볼 수 있습니다",
    "loses": "같은 행에서 기준 모델({baseline})보다 못합니다: {metric} {value} 대 {other}, 차이 {change}",
    "level": "같은 행에서 기준 모델({baseline})보다 나을 것이 없습니다: {metric} {value} 대 {other}, 차이 {change}",
    "behind": "같은 행에서 기준 모델({baseline})이 더 낫습니다: {metric} {value} 대 {other}. 다만 {why}",
    "beats": "같은 행에서 가장 좋은 기준 모델({baseline})보다 낫습니다: {metric} {value} 대 {other}, 차이 {change}",
    "ahead": "같은 행에서 가장 좋은 기준 모델({baseline})의 {metric}: {other}, 이 실행: {value}",
    "no_epochs": "고전적인 방법이므로 에포크가 없어 판정할 곡선이 없습니다",
}
