"""Messages about maps, effects and learning curves."""

MESSAGES: dict[str, str] = {
    # swept runs
    "damaged": "손상된 실행 {count}개는 제외했습니다. `dlrun ls`에서 이름을 볼 수 있습니다",
    "different_data": "데이터가 서로 다른 실행들이라 손실을 서로 비교할 수 없습니다: {mixed}",
    # capacity map
    "two_keys": "실행들은 {x}, {y}에서만 다르므로 이 두 키로 지도를 그립니다",
    "best_of_the_rest": "{others}도 함께 바꾸었습니다. 각 칸은 {monitor} 기준으로 가장 좋은 구성을 보여 줍니다",
    "ranges": "{key}의 값이 너무 많아 {count}개 구간으로 묶었습니다. 각 칸은 구간에서 가장 좋은 구성입니다",
    "cells_diverged": "모든 시드가 발산하거나 실패한 칸: {count}개",
    "cells_unfinished": "아직 끝나지 않은 칸: {count}개",
    "cells_missing": "시도하지 않은 칸: {count}개",
    "cells_partly": "계획보다 적은 시드로 평균한 칸: {count}개",
    "none_usable": "값이 나온 칸이 없습니다. 모든 실행이 발산했거나 실패했거나 아직 끝나지 않았습니다",
    "best": "최선: {where}: {monitor} {value}{half} (실행 {planned}개 중 {usable}개, 매개변수 {parameters}개)",
    "no_error": "칸마다 실행이 하나뿐이라 표준오차가 없어, 더 작은 신경망이 대등한지 말할 수 없습니다. --seeds "
    "3을 더하십시오",
    "best_is_smallest": "최선에서 표준오차 하나 안에 드는 가장 작은 신경망이기도 합니다",
    "smallest": "최선에서 표준오차 하나 안에 드는 가장 작은 신경망: {where}: {monitor} {value} (매개변수 "
    "{parameters}개, 최선의 {share} %)",
    "sides": "판정이 있는 칸 {all}개 가운데 {under}개가 과소적합 쪽, {over}개가 과적합 쪽입니다",
    "edge_high": "최선이 {key}의 위쪽 끝({value})에 있습니다. 더 크면 더 좋을 수 있습니다.",
    "edge_low": "최선이 {key}의 아래쪽 끝({value})에 있습니다. 더 작으면 더 좋을 수 있습니다.",
    "edge_high_flat": "최선이 {key}의 위쪽 끝({value})에 있지만 더 작은 값도 표준오차 하나 안에 듭니다. 그 "
    "너머에서 크게 나아지지는 않을 것입니다.",
    "edge_low_flat": "최선이 {key}의 아래쪽 끝({value})에 있지만 더 큰 값도 표준오차 하나 안에 듭니다. 그 "
    "너머에서 크게 나아지지는 않을 것입니다.",
    "beyond": "그 너머를 시도하려면: {command}",
    # marks of the map
    "mark_best": "최선",
    "mark_smallest": "표준오차 하나 안에서 가장 작은 신경망",
    "frame_best": "검은 테두리: 최선",
    "frame_smallest": "점선 테두리: 표준오차 하나 안에서 가장 작은 신경망",
    "mark_missing": "시도하지 않음",
    "mark_unfinished": "끝나지 않음",
    "shade": "진할수록 {better}",
    "blocks": "채워질수록 {better}",
    "shade_lower": "낮음",
    "shade_higher": "높음",
    # effects
    "log_effects": "{monitor}의 로그에 대한 효과입니다. 평균은 기하평균이고 변화는 배수입니다",
    "plain_effects": "{monitor} 값 그대로에 대한 효과입니다. 변화는 차이입니다",
    "noise_seeds": "완전 격자: 신뢰구간은 시드 {seeds}개의 산포에서 구했습니다",
    "noise_residuals": "신뢰구간은 가법 모형의 잔차에서 구했습니다. 시드와 상호작용이 함께 들어 있습니다",
    "noise_unknown": "구성이 너무 적어 신뢰구간을 구할 수 없습니다. 시드나 구성을 더하십시오",
    "quantiles": "구성 수가 같은 구간으로 묶은 키: {keys}",
    "left_out": "구성 {all}개 가운데 {count}개는 값이 나오지 않아(발산 또는 실패) 평균에 들어가지 않았습니다. "
    "이런 구성이 많은 수준은 평균보다 실제로 더 나쁩니다",
    "mixed": "다음 키들은 함께 바뀌어 따로 구별할 수 없습니다: {keys}",
    "effect": "{key}: {best}에서 가장 좋으며 {worst}에 견주어 {change}입니다(95 %: {low} ~ {high}). 설명 비율 "
    "{share} %",
    "effect_none": "{key}: 잡음을 넘는 효과가 없습니다. {worst}에 견준 {best}: {change}(95 %: {low} ~ {high}). "
    "설명 비율 {share} %",
    "effect_unknown": "{key}: {best}에서 가장 좋으며 {worst}에 견주어 {change}이지만 판단할 신뢰구간이 없습니다. "
    "설명 비율 {share} %",
    "effect_mixed": "{key}: 함께 바뀌는 다른 키와 구별할 수 없습니다",
    "pair": "{left}, {right} 사이에 상호작용이 있습니다. 잡음의 {ratio}배, 설명 비율 {share} %. {where}에서 가장 "
    "큽니다: 각 키만으로 본 값에 견주어 {by}",
    "pair_none": "잡음을 넘는 상호작용은 없습니다. 가장 강한 쌍은 {left}, {right}입니다. 잡음의 {ratio}배, 설명 "
    "비율 {share} %, {where}에서 가장 큽니다: {by}",
    "pair_unknown": "가장 강한 쌍은 {left}, {right}입니다. 설명 비율 {share} %, {where}에서 가장 큽니다: {by}. "
    "판단할 신뢰구간은 없습니다",
    # learning curve
    "curve_lost": "모든 시드가 발산하거나 실패하여 제외한 행 수: {count}개",
    "curve_of_many": "구성이 {count}개입니다. 설명은 가장 낮게 끝나는 구성에 대한 것입니다: {label}",
    "curve_too_short": "마지막 에포크에서도 아직 내려가고 있는 행 수: {count}개. 행이 적으면 스텝도 적으므로, "
    "행이 아니라 스텝의 효과를 보지 않도록 더 오래 훈련하십시오",
    "curve_one_seed": "점마다 실행이 하나뿐이라 시드에 대한 신뢰구간이 없습니다. --seeds 5를 더하십시오",
    "rows_help": "데이터를 더 모으면 좋아집니다. 두 배({rows}행)면 검증 손실이 {now}에서 {then}(95 %: {low} ~ "
    "{high})으로 {gain} % 줄어들 것입니다({gain_low} ~ {gain_high} %)",
    "rows_little": "데이터를 더 모아도 거의 좋아지지 않습니다. 두 배({rows}행)여도 검증 손실은 {gain} %, 많아야 "
    "{gain_high} % 줄어들 것입니다",
    "rows_unknown": "데이터를 더 모으면 좋아질지 알 수 없습니다. 두 배({rows}행)면 검증 손실이 {gain_low} ~ "
    "{gain_high} % 줄어들 것입니다. 시드를 늘리면 범위가 좁아집니다",
    "rows_no_law": "외삽하기에는 점이 부족합니다(행 수 {points}가지. 여러 시드로 {fewest}가지가 필요합니다)",
    "curves_met": "훈련 손실과 검증 손실이 높은 곳에서 만났습니다({train}, {val}). 남은 것이 데이터의 잡음이 "
    "아니라면 모델 용량을 늘리는 것(더 넓게, 더 깊게, 더 오래)이 도움이 될 수 있습니다",
    "curves_met_low": "훈련 손실과 검증 손실이 낮은 곳에서 만났습니다({train}, {val}). 더 얻을 것이 거의 없습니다",
    "gap_wide_rows": "격차가 큽니다({gap}, 검증 손실의 {share} %). 데이터가 더 모일 때까지는 더 강한 "
    "규제(드롭아웃, L2, 더 작은 신경망)가 어느 정도 도움이 될 수 있습니다",
    "gap_wide_open": "격차가 크고({gap}, 검증 손실의 {share} %) 줄어들지 않습니다. 더 강한 규제(드롭아웃, L2, 더 "
    "작은 신경망)가 도움이 될 것입니다",
    "gap_wide_closing": "격차가 크지만({gap}, 검증 손실의 {share} %) 행이 늘수록 줄어들고 있습니다. 더 강한 "
    "규제도 도움이 됩니다",
    "gap_between": "격차가 보통입니다({gap}, 검증 손실의 {share} %). 모델 용량과 규제가 대체로 균형을 이룹니다",
    "value": "{metric}",
    "value_train": "훈련 {metric}",
    "value_val": "검증 {metric}",
    "value_train_loss": "훈련 손실",
    "value_val_loss": "검증 손실",
    "value_gap": "격차",
    "value_parameters": "매개변수 수",
    "value_seconds": "실행당 시간(초)",
    "mean": "{value}(평균)",
    "mean_log": "{value}(기하평균)",
    "explains": "설명 비율 {share} %",
    "pairs_among": "쌍은 키 {all}개 가운데 가장 많이 설명하는 {most}개 사이에서만 살펴봅니다",
}
