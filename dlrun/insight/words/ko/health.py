"""Messages about layer health."""

MESSAGES: dict[str, str] = {
    # names of findings
    "title_symmetric": "똑같은 뉴런",
    "title_tiny": "너무 작은 초깃값",
    "title_vanishing": "기울기 소실",
    "title_exploding": "기울기 폭발",
    "title_shrinking": "줄어드는 활성값",
    "title_growing": "커지는 활성값",
    "title_dead": "죽은 뉴런",
    "title_saturated": "포화된 뉴런",
    "title_alike": "서로 닮은 뉴런",
    "title_large_steps": "너무 큰 갱신",
    "title_small_steps": "너무 작은 갱신",
    "title_well": "건강함",
    # findings
    "symmetric": "{layers}의 뉴런들이 같은 값에서 시작하여({initializer}) 아직도 같습니다. 모두 같은 기울기를 받으므로 "
    "층 하나가 뉴런 하나와 다름없습니다",
    "symmetric_still": "{layers}의 뉴런들이 같은 값에서 시작했고({initializer}) 기울기가 전혀 닿지 않아 움직이지 "
    "않았습니다",
    "tiny": "{layers}의 가중치가 신호를 유지하는 크기의 {gain}배에서 시작했습니다({initializer}). 시작할 때 {layer}의 "
    "활성값은 표준편차가 {spread}뿐이라 모든 뉴런이 같은 말을 합니다. 끝에서는 뉴런들의 평균 |코사인|이 {alike}까지 "
    "됩니다",
    "vanishing": "{when} {first}에 되돌아오는 신호가 {last}에서보다 {ratio}배 작습니다. {activation}({initializer}) "
    "층마다 신호의 {each}배만 전하므로 앞쪽 층은 거의 배우지 못합니다",
    "exploding": "{when} {first}에 되돌아오는 신호가 {last}에서보다 {ratio}배 큽니다. {activation}({initializer}) "
    "층마다 신호를 {each}배로 키웁니다",
    "shrinking": "시작할 때 활성값의 표준편차가 {layers} 층을 지나며 {first}에서 {last}까지 줄어듭니다. "
    "{activation}에 비해 {initializer}의 값이 너무 작습니다",
    "growing": "시작할 때 활성값의 표준편차가 {layers} 층을 지나며 {first}에서 {last}까지 커집니다. "
    "{activation}에 비해 {initializer}의 값이 너무 큽니다",
    "dead": "끝에서 {layers}의 뉴런이 최대 {share}까지 {rows}개 행 모두에서 평평하여(시작할 때 {start}) 기울기가 닿지 "
    "않습니다. 학습률 {rate}의 갱신이 {activation} 뉴런을 밀어냈습니다",
    "dead_at_start": "{layers}의 뉴런이 최대 {share}까지 {rows}개 행 모두에서 평평하며 시작할 때도 "
    "그랬습니다({start}). {activation} 함수가 기울기를 전혀 통과시키지 않습니다",
    "dead_now": "{layers}의 뉴런이 최대 {share}까지 {rows}개 행 모두에서 평평하여 이 행들을 구별하지 못합니다",
    "saturated": "{layers}에서 나오는 값의 최대 {share}가 {activation}의 평평한 양 끝에 있습니다(시작할 때 {start}). "
    "가중치가 배우기 어려울 만큼 커졌습니다",
    "saturated_at_start": "{layers}에서 나오는 값의 최대 {share}가 {activation}의 평평한 양 끝에 있고 시작할 때도 "
    "{start}였습니다. {initializer}의 값이 너무 큽니다",
    "saturated_now": "이 행들에서 {layers}에서 나오는 값의 최대 {share}가 {activation}의 양 끝에 있습니다",
    "alike": "끝에서 {layers}의 뉴런들이 같은 방향을 봅니다. 평균 |코사인|은 {end}입니다(시작할 때 {start})",
    "alike_tiny": "끝에서 {layers}의 뉴런들이 같은 방향을 봅니다. 평균 |코사인|은 {end}입니다(시작할 때 {start}). 너무 "
    "작은 초깃값({initializer})에서 시작하여 몇몇 방향으로만 자랐습니다",
    "large_steps": "갱신 한 번이 가중치를 그 크기의 {update}배만큼 바꿉니다. 보통의 열 배가 넘습니다({optimizer}, "
    "학습률 {rate})",
    "small_steps": "어느 갱신도 가중치를 그 크기의 {update}배보다 많이 바꾸지 못합니다. 보통의 백분의 일도 안 "
    "됩니다({optimizer}, 학습률 {rate})",
    "when_start": "시작할 때",
    "when_end": "끝에서",
    "well": "층에 잘못된 것이 없습니다{signal}{dead}{saturated}{update}",
    "well_signal": "; 첫 은닉층이 받는 기울기 신호는 마지막 은닉층의 {ratio}배입니다",
    "well_dead": "; 모든 행에서 평평한 뉴런은 한 층에 많아야 {share}입니다",
    "well_saturated": "; 포화된 값은 한 층에 많아야 {share}입니다",
    "well_update": "; 갱신 한 번이 가중치를 그 크기의 {update}배만큼 바꿉니다(보통 0.001)",
    # what would mend it
    "fix": "해결: {why}",
    "fix_start": "{activation}에 맞는 크기인 {initializer} 초기화로 가중치를 뽑습니다",
    "fix_given": "뉴런마다 다른 가중치를 주거나 model.weights를 뺍니다",
    "fix_normalise": "배치 정규화로 모든 층의 표준편차를 1로 유지합니다",
    "fix_fewer": "층을 줄입니다. 초깃값은 활성화 함수에 맞고 배치 정규화도 이미 켜져 있습니다",
    "fix_slope": "relu와 그에 맞는 초깃값을 씁니다. {activation}의 기울기는 많아야 {slope}이고 relu는 1입니다",
    "fix_revive": "학습률을 10분의 1로 낮춥니다. model.activation을 leaky_relu로 하면 완전히 죽지 않습니다",
    "fix_leaky": "leaky_relu는 양쪽 모두 기울기를 통과시킵니다",
    "fix_lower_rate": "학습률을 10분의 1로 낮춥니다",
    "fix_more_rate": "학습률을 10배로 높입니다",
    # tables and figures
    "heading": "{run}: 훈련 행 {rows}개로 본 층의 건강, 에포크 {first}~{last}",
    "heading_data": "{run}: {source}의 행 {rows}개로 본 층의 건강",
    "column_layer": "층",
    "column_activation": "활성화 함수",
    "column_units": "뉴런",
    "column_mean": "평균",
    "column_spread": "표준편차",
    "column_spread_start": "시작 표준편차",
    "column_dead": "죽음",
    "column_saturated": "포화",
    "column_signal": "되돌아온 신호",
    "column_signal_start": "시작 신호",
    "column_gradient": "기울기",
    "column_weight": "가중치",
    "column_update": "갱신/가중치",
    "column_alike": "닮음",
    "figure_gradient": "층별 가중치의 기울기 크기",
    "figure_signal": "층별로 되돌아오는 신호",
    "figure_spread": "층별 활성값의 표준편차",
    "figure_dead": "층별 죽은 뉴런의 비율",
    "figure_saturated": "층별 포화된 비율",
    "figure_update": "갱신 한 번의 변화/가중치, 띠: 보통 범위",
    "figure_activations": "활성값(높이: 비율의 제곱근)",
    "epoch": "에포크",
    "depth": "층(깊이 순)",
    "at_epoch": "에포크 {epoch}",
    "sampled": "전체 {all}개 행 가운데 {rows}개를 보았습니다",
    "some_layers": "층 {all}개 가운데 {shown}개를 그렸습니다",
    "see_health": "층의 건강: {kinds}. 자세한 것은 `dlrun health {run}`",
}
