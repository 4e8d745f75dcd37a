"""Messages of the gallery's lessons: perceptron."""

MESSAGES: dict[str, str] = {
    # 1. one unit
    "one_unit_title": "유닛 하나가 AND, OR, NAND를 배운다",
    "one_unit_1": "유닛이 하나뿐인 신경망 {nets}개(게이트마다 시드 {seeds}개) 가운데 {right}개가 네 행을 모두 맞히며, "
    "00, 01, 10, 11에서의 답은 {tables}입니다.",
    "one_unit_2": "임곗값은 부호를 바꾼 편향입니다: AND의 첫 유닛은 {w1} x1 + {w2} x2 > θ = {threshold}일 때, 곧 그 "
    "합에 편향({bias})을 더한 값이 0보다 클 때 1을 답하며, 두 규칙의 답은 {rows}개 가운데 {agree}개가 같습니다.",
    "one_unit_3": "편향은 직선을 돌리지 않고 옮기므로 같은 가중치라도 임곗값이 다르면 다른 게이트가 되고({gates}), "
    "편향이 없으면 가중치가 무엇이든 합이 0인 (0, 0)에 직선이 묶여서 어떤 시드도 AND나 NAND의 {best}보다 많이 맞히지 "
    "못합니다.",
    "one_unit_claim_learnt": "유닛 하나는 모든 시드에서 AND, OR, NAND를 배운다",
    "one_unit_claim_threshold": "임곗값 θ를 쓴 유닛과 편향 -θ를 쓴 유닛은 같은 답을 한다",
    "one_unit_claim_moved": "같은 가중치가 편향에 따라 OR도 되고 AND도 된다",
    "one_unit_claim_without": "편향이 없으면 어떤 유닛도 AND나 NAND를 모두 맞히지 못한다",
    "one_unit_with": "{gate}",
    "one_unit_without": "{gate}, 편향 없음",
    "one_unit_unit": "유닛",
    "one_unit_weight_1": "w1",
    "one_unit_weight_2": "w2",
    "one_unit_threshold": "θ = -b",
    "one_unit_answers": "00, 01, 10, 11의 답",
    "one_unit_lowest": "최저 정확도",
    "one_unit_highest": "최고 정확도",
    "one_unit_moved": "AND의 가중치, 편향만 옮김",
    "one_unit_subtitle": "시드마다 직선 하나. 주황: 답이 1, 파랑: 답이 0",
    "one_unit_note": "표의 가중치는 시드 {seeds}개 가운데 첫 시드의 것입니다.",
    # 2. XOR
    "xor_title": "XOR에는 층이 두 개 필요하다",
    "xor_1": "유닛 하나는 시드 {seeds}개에서 XOR의 네 행 가운데 많아야 {best}를 맞히고, 유닛이 {widths}개인 은닉층이 "
    "있으면 시드 {seeds}개 가운데 {solved}개가 네 행을 모두 맞힙니다.",
    "xor_2": "학습하지 않아도 됩니다: 은닉층에 NAND와 OR, 그 뒤에 AND를 둔 퍼셉트론(계단 함수, 손으로 준 가중치)은 "
    "00, 01, 10, 11에 {answers}을 답하며, 이는 {composed} 정답입니다.",
    "xor_3": "NAND만으로도 충분합니다: 가중치 {w1}, {w2}와 편향 {bias}인 퍼셉트론을 이어 붙이면 입력이 두 개인 게이트 "
    "16개 가운데 {gates}개가 나오고, XOR에는 {xor}개가 들며, 가장 많이 드는 게이트에도 {most}개면 됩니다.",
    "xor_claim_one": "유닛 하나는 XOR의 75 %보다 많이 맞히지 못한다",
    "xor_claim_two": "유닛이 {width}개인 은닉층은 모든 시드에서 XOR을 배운다",
    "xor_claim_composed": "NAND, OR, AND 퍼셉트론을 이어 붙이면 XOR이 된다",
    "xor_claim_nand": "NAND로 입력이 두 개인 게이트 16개를 모두 만들며, XOR에는 네 개가 든다",
    "xor_net": "신경망",
    "xor_hidden": "은닉 유닛",
    "xor_solved": "모두 맞힌 시드",
    "xor_lowest": "최저 정확도",
    "xor_mean": "평균 정확도",
    "xor_one_unit": "유닛 하나",
    "xor_hidden_layer": "은닉 유닛 {width}개",
    "xor_perceptrons": "NAND, OR, AND",
    "xor_subtitle": "신경망이 1을 답하는 곳(주황)과 0을 답하는 곳(파랑), 그리고 네 꼭짓점",
    "xor_panel_one": "유닛 하나: {accuracy} 정답",
    "xor_panel_learnt": "은닉 유닛 {width}개, 학습",
    "xor_panel_given": "손으로 만든 NAND, OR, AND",
    # 3. forward pass
    "forward_pass_title": "순전파는 행렬곱, 편향, 두 함수이다",
    "forward_pass_1": "numpy로 손수 쓴 순전파는 유닛이 {layers}개인 신경망 {seeds}개에서 {rows}행에 대해 Keras의 "
    "predict와 같은 값을 주며, 가장 큰 차이는 {difference}입니다.",
    "forward_pass_2": "유닛의 합은 모두 내적이고(행 하나와 열 하나의 곱 {products}개를 더하면 {dot}, x @ W1의 그 "
    "자리는 {numpy}), 모양이 ({units},)인 편향은 {rows}행 모두에 브로드캐스팅되며, reshape는 {image} 이미지를 숫자 "
    "{products}개의 행으로 펼칠 뿐 값은 하나도 바꾸지 않습니다.",
    "forward_pass_3": "브로드캐스팅은 실수를 감추기도 합니다: 모양이 ({rows},)인 예측 {rows}개와 모양이 ({rows}, 1)인 "
    "정답은 오류 없이 {square}로 비교되어, 정확도 {right}가 {wrong}로 나옵니다.",
    "forward_pass_note": "이미지는 표보다 차원이 많습니다. 컬러 사진 두 장은 모양이 {photographs}이고 랭크는 "
    "{rank}입니다.",
    "forward_pass_claim_predict": "손수 쓴 numpy는 predict와 같은 값을 준다",
    "forward_pass_claim_dot": "곱을 더한 것이 내적이다",
    "forward_pass_claim_broadcast": "표에 편향을 더하면 각 행에 더해진다",
    "forward_pass_claim_reshape": "이미지를 행으로 펼친 것이 신경망의 입력이며, 다시 이미지로 되돌릴 수 있다",
    "forward_pass_claim_trap": "행과 열을 비교하면 정사각형이 된다",
    "forward_pass_tensor": "텐서",
    "forward_pass_shape": "모양",
    "forward_pass_rank": "랭크",
    "forward_pass_is_number": "숫자 하나",
    "forward_pass_is_bias": "은닉 유닛마다 편향",
    "forward_pass_is_image": "이미지 하나",
    "forward_pass_is_images": "모든 이미지",
    "forward_pass_is_table": "표: 이미지마다 한 행",
    "forward_pass_is_batch": "검증 행",
    "forward_pass_is_kernel": "입력과 유닛마다 가중치",
    "forward_pass_is_product": "행과 유닛마다 내적",
    "forward_pass_is_sum": "편향을 모든 행에 브로드캐스팅",
    "forward_pass_is_hidden": "값마다 relu",
    "forward_pass_is_logits": "출력층의 합",
    "forward_pass_is_outputs": "확률",
    "forward_pass_image": "이미지 {shape}",
    "forward_pass_row": "행 {shape}",
    "forward_pass_hidden": "은닉층 {shape}",
    "forward_pass_outputs": "확률 {shape}",
    "forward_pass_pixel": "픽셀",
    "forward_pass_unit": "유닛",
    "forward_pass_digit": "숫자",
    "forward_pass_subtitle": "검증 행 하나가 신경망을 지나는 길. 막대: 손으로 계산, 고리: Keras의 predict",
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
    # 5. features
    "features_title": "손으로 만든 특성, 은닉층이 찾은 특성",
    "features_1": "어떤 직선도 (0, 3), (3, 0)과 (1, 2), (2, 1)을 가르지 못합니다: 두 쌍의 중점이 모두 "
    "({middle})이어서 선형 계획법은 가중치를 찾지 못하고, 유닛 하나는 시드 {seeds}개에서 많아야 {best}를 맞힙니다.",
    "features_2": "손으로 만든 특성 하나면 충분합니다: x1*x2를 받은 유닛은 시드 {seeds}개 가운데 {product}개에서, "
    "x1^2 + x2^2를 받은 유닛은 {radius}개에서 네 점을 모두 맞힙니다.",
    "features_3": "은닉층은 시드 {seeds}개 가운데 {hidden}개에서 스스로 특성을 찾지만 점 네 개로는 어떤 특성인지 "
    "정해지지 않습니다: 0에서 3까지의 정사각형에서 이 신경망들의 답은 x1*x2를 쓴 신경망과 {low}~{high}의 자리에서 "
    "같고, 손으로 만든 두 특성끼리는 {hand}에서 같습니다.",
    "features_claim_impossible": "어떤 직선도 점들을 가르지 못하고, 어떤 유닛도 모두 맞히지 못한다",
    "features_claim_made": "x1*x2나 x1^2 + x2^2를 받은 유닛 하나는 모든 시드에서 다 맞힌다",
    "features_claim_learnt": "은닉층은 모든 시드에서 다 맞힌다",
    "features_claim_differ": "학습한 특성은 손으로 만든 특성과 다르다",
    "features_unit_on": "유닛 하나, 입력 {given}",
    "features_hidden": "은닉 유닛 {units}개, 입력 x1, x2",
    "features_net": "신경망",
    "features_line": "직선으로 분리",
    "features_solved": "모두 맞힌 시드",
    "features_lowest": "최저 정확도",
    "features_highest": "최고 정확도",
    "features_yes": "가능",
    "features_no": "불가능",
    "features_subtitle": "각 신경망의 첫 시드가 1을 답하는 곳(주황)과 0을 답하는 곳(파랑), 그리고 네 점",
    # 6. representations
    "representations_title": "표현은 층을 지나며 자란다",
    "representations_1": "입력에 로지스틱 회귀를 쓰면 검증 행의 {inputs}에서 두 나선을 구분하고, 훈련한 신경망의 "
    "은닉층 {count}개가 만든 표현에 쓰면 차례로 {layers}를 구분합니다(시드 {seeds}개 평균).",
    "representations_2": "층마다 출력층을 붙여 훈련한 뒤 고정하고 다음 층으로 넘어가면, 층들은 차례로 {greedy}에 "
    "이릅니다: 둘째 층의 정확도는 혼자 훈련하면 {second_alone}, 함께 훈련하면 {second}입니다.",
    "representations_3": "끝에 가서는 함께 훈련한 신경망이 검증 행의 {joint}, 한 층씩 훈련한 신경망이 {apart}를 "
    "맞힙니다: 혼자 훈련한 층은 바로 뒤의 출력을 위한 것이지 앞으로 올 층을 위한 것이 아닙니다.",
    "representations_note": "혼자 훈련하는 층마다 신경망 전체와 같은 {epochs} 에포크를 쓰므로, 한 층씩 하는 쪽의 "
    "훈련이 더 깁니다.",
    "representations_claim_last": "마지막 은닉층은 첫 은닉층이나 입력보다 직선으로 더 잘 읽힌다 (시드에 대한 95 % "
    "구간)",
    "representations_claim_joint": "함께 훈련한 층들이 한 층씩 훈련한 층들보다 평균이 높고, 어떤 시드에서도 더 낮지 "
    "않다",
    "representations_inputs": "입력",
    "representations_layer": "{depth}층",
    "representations_whole": "신경망의 출력",
    "representations_read_from": "정확도를 읽은 곳",
    "representations_together": "함께 훈련",
    "representations_one_by_one": "한 층씩 훈련",
    "representations_accuracy": "직선의 정확도",
    "representations_subtitle": "위: 신경망 하나의 각 층이 보여 주는 검증 행(주성분 두 개). 아래: 평균과 95 % 구간",
    # 7. universal approximation
    "universal_approximation_title": "은닉층 하나는 유닛이 많을수록 곡선에 가까워진다",
    "universal_approximation_1": "relu 유닛 {widths}개의 은닉층 하나는 -1에서 1 사이의 물결을 {errors}의 오차로 "
    "배웁니다(곡선 전체의 평균 제곱근 오차, 시드 {seeds}개 평균).",
    "universal_approximation_2": "유닛이 {smallest}개이면 선은 많아야 {smallest}번 꺾이고 시드에 따라 {low}에서 "
    "{high}까지 벗어나는데, 언제나 0을 답하는 신경망은 {zero}만큼 벗어납니다.",
    "universal_approximation_3": "유닛이 {largest}개이면 시드 {seeds}개 가운데 가장 나쁜 것도 유닛 {smallest}개의 "
    "가장 좋은 것보다 {times}배 가깝고, 가장 멀리 벗어난 곳도 {largest_farthest}입니다(시드 평균): 점 {rows}개로 "
    "훈련했지만 그 사이에서도 곡선을 따라갑니다.",
    "universal_approximation_claim_falls": "유닛이 네 배가 될 때마다 더 가까워진다 (오차의 로그, 시드에 대한 95 % "
    "구간)",
    "universal_approximation_claim_close": "유닛이 128개이면 모든 시드에서 0.01보다 적게 벗어난다",
    "universal_approximation_width": "은닉 유닛",
    "universal_approximation_parameters": "매개변수",
    "universal_approximation_mean": "평균 오차",
    "universal_approximation_best": "최저",
    "universal_approximation_worst": "최고",
    "universal_approximation_farthest": "가장 큰 오차",
    "universal_approximation_units": "유닛 {width}개",
    "universal_approximation_error": "시드마다의 오차",
    "universal_approximation_subtitle": "회색: 곡선, 가는 선: 시드마다 하나. 오른쪽: 평균 제곱근 오차",
}
