"""Messages about ensembles."""

MESSAGES: dict[str, str] = {
    "title": "실행 {members}개의 {method}",
    "method_vote": "다수결",
    "method_mean": "평균",
    "method_weighted": "가중 평균",
    "method_stack": "최종 결정층",
    "title_member": "구성원",
    "title_kind": "종류",
    "title_seed": "시드",
    "title_folds": "폴드",
    "title_weight": "가중치",
    "title_val": "검증 {metric}",
    "title_best": "최고",
    "the_ensemble": "앙상블",
    "the_best": "최고 구성원",
    "better": "{metric}에서 최고 구성원보다 낫습니다: 차이 {difference} (검증 행에 대한 95 % 구간 {low} ~ {high}).",
    "tie": "{metric}에서 최고 구성원과 우연을 넘는 차이가 없습니다: 차이 {difference} (검증 행에 대한 95 % 구간 {low} "
    "~ {high}).",
    "worse": "{metric}에서 최고 구성원보다 못합니다: 차이 {difference} (검증 행에 대한 95 % 구간 {low} ~ {high}).",
    "unknown": "{metric}에서 최고 구성원과의 차이를 알 수 없습니다. 값 중에 수가 아닌 것이 있습니다.",
    "chosen": "최고 구성원은 바로 이 행들로 골랐으므로 실제보다 좋아 보입니다. 새로운 행에서는 앙상블이 그보다 유리한 "
    "편입니다.",
    "disagree_classes": "행의 {share}에서 구성원들이 서로 다른 클래스를 답합니다.",
    "disagree_amounts": "구성원들의 예측은 평균적으로 {spread}만큼 퍼져 있습니다 (표준편차, 목표의 단위).",
    "same": "모든 행에서 구성원들의 답이 같으므로 합쳐도 달라지지 않습니다.",
    "one_column": "각 행은 그 행으로 훈련하지 않은 폴드 하나만 판단하므로, 이 값은 구성원 하나의 값입니다. 모두 합친 "
    "값은 시험 행에서 알 수 있습니다: `dlrun evaluate`.",
    "no_rows": "검증 행을 따로 두지 않았으므로 구성원보다 나은지 알 수 없습니다.",
    "again": "이 앙상블은 이미 있습니다. --force를 주면 다시 만듭니다.",
    "again_named": "이 앙상블은 이미 있고 이름은 {name}입니다. --force를 주면 새 이름으로 다시 만듭니다.",
    "no_curves": "앙상블은 훈련하지 않으므로 판정할 곡선이 없습니다. 구성원은 `dlrun show`로 볼 수 있고, 그 곡선은 "
    "`dlrun diagnose`가 판정합니다",
}
