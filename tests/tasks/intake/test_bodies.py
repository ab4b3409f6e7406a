"""Where the names of bodies begin and end in a sentence."""

import pytest

from tasks.intake.bodies import Bodies


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Sở Nông nghiệp và Môi trường chủ trì", ["Sở Nông nghiệp và Môi trường"]),
        ("Đảng ủy Quân sự tỉnh bám sát chỉ đạo", ["Đảng ủy Quân sự tỉnh"]),
        ("Ban cán sự đảng Ủy ban nhân dân tỉnh lãnh đạo", ["Ban cán sự đảng Ủy ban nhân dân tỉnh"]),
        ("Ban Tuyên giáo Tỉnh uỷ hướng dẫn", ["Ban Tuyên giáo Tỉnh uỷ"]),
        ("Công an tỉnh Kon Tum tổ chức tuần tra", ["Công an tỉnh Kon Tum"]),
        ("các huyện ủy, thành ủy, đảng ủy trực thuộc Tỉnh ủy:", ["các huyện ủy, thành ủy, đảng ủy trực thuộc Tỉnh ủy"]),
        ("các cơ quan, đơn vị, địa phương xây dựng", ["các cơ quan, đơn vị, địa phương"]),
        ("các Bộ, ngành và địa phương liên quan chỉ đạo", ["các Bộ, ngành và địa phương liên quan"]),
        ("các Bộ, ngành và các địa phương liên quan tiến hành", ["các Bộ, ngành", "các địa phương liên quan"]),
        ("các sở, ngành và chính quyền địa phương rà soát", ["các sở, ngành", "chính quyền địa phương"]),
        ("Các Bộ: Công Thương, Xây dựng và Tài chính", ["Bộ Công Thương", "Bộ Xây dựng", "Bộ Tài chính"]),
        ("các Sở Tài chính, Xây dựng và Nội vụ phối hợp", ["Sở Tài chính", "Sở Xây dựng", "Sở Nội vụ"]),
        (
            "Báo Kon Tum, Đài Phát thanh và Truyền hình tỉnh tuyên truyền",
            ["Báo Kon Tum", "Đài Phát thanh và Truyền hình tỉnh"],
        ),
        (
            "Thủ trưởng các sở, ban, ngành, Chủ tịch UBND các huyện, thành phố và các đơn vị liên quan chịu trách nhiệm",
            ["Thủ trưởng các sở, ban, ngành", "Chủ tịch UBND các huyện, thành phố", "các đơn vị liên quan"],
        ),
        (
            "Các Sở, ban, ngành thuộc tỉnh, Công an tỉnh, Ủy ban nhân dân các xã, phường tổ chức nghiên cứu",
            ["Các Sở, ban, ngành thuộc tỉnh", "Công an tỉnh", "Ủy ban nhân dân các xã, phường"],
        ),
        ("UBND cấp xã, phường nêu cao trách nhiệm", ["UBND cấp xã, phường"]),
        ("Thuế tỉnh, Hải quan khu vực rà soát", ["Thuế tỉnh", "Hải quan khu vực"]),
        ("SỞ KHOA HỌC VÀ CÔNG NGHỆ", ["SỞ KHOA HỌC VÀ CÔNG NGHỆ"]),
        (
            "Liên đoàn Lao động tỉnh (cơ quan thường trực), Hội Liên hiệp Phụ nữ tỉnh đẩy mạnh",
            ["Liên đoàn Lao động tỉnh", "Hội Liên hiệp Phụ nữ tỉnh"],
        ),
        ("UBND các tỉnh: Lai Châu, Sơn La:", ["UBND tỉnh Lai Châu", "UBND tỉnh Sơn La"]),
        ("UBND các huyện Đức Trọng, Lâm Hà rà soát", ["UBND huyện Đức Trọng", "UBND huyện Lâm Hà"]),
        ("Giám đốc các Sở: Y tế, Xây dựng chỉ đạo", ["Giám đốc Sở Y tế", "Giám đốc Sở Xây dựng"]),
        ("Giám đốc: Sở Y tế, Đài Truyền hình tỉnh lập", ["Giám đốc Sở Y tế", "Giám đốc Đài Truyền hình tỉnh"]),
        (
            "các cấp ủy, tổ chức đảng, chính quyền, Mặt trận Tổ quốc Việt Nam quán triệt",
            ["các cấp ủy, tổ chức đảng, chính quyền", "Mặt trận Tổ quốc Việt Nam"],
        ),
        ("các cơ quan, đơn vị Nhà nước bố trí", ["các cơ quan, đơn vị Nhà nước"]),
        ("UBND huyện, thị xã, thành phố kiểm tra", ["UBND huyện, thị xã, thành phố"]),
        ("Trung tâm Phát triển quỹ đất tỉnh vận động", ["Trung tâm Phát triển quỹ đất tỉnh"]),
        (
            "Ban Quản lý dự án đầu tư xây dựng công trình giao thông đẩy nhanh",
            ["Ban Quản lý dự án đầu tư xây dựng công trình giao thông"],
        ),
        (
            "Ban Chỉ đạo phòng, chống tội phạm và xây dựng phong trào tỉnh chủ trì",
            ["Ban Chỉ đạo phòng, chống tội phạm và xây dựng phong trào tỉnh"],
        ),
        ("Ban Chỉ đạo xây dựng kế hoạch kiểm tra trên địa bàn tỉnh", ["Ban Chỉ đạo"]),
        ("ban tuyên giáo các huyện ủy, thành ủy xây dựng", ["ban tuyên giáo các huyện ủy, thành ủy"]),
        ("Văn phòng HĐND và UBND xã tham mưu", ["Văn phòng HĐND và UBND xã"]),
        ("Công an tỉnh: Chỉ đạo các phòng", ["Công an tỉnh"]),
        ("Phó Thủ tướng Chính phủ Lê Văn Bình trực tiếp chỉ đạo", ["Phó Thủ tướng Chính phủ Lê Văn Bình"]),
        (
            "Các Bộ, cơ quan ngang Bộ, cơ quan thuộc Chính phủ, Ủy ban nhân dân các tỉnh báo cáo",
            ["Các Bộ, cơ quan ngang Bộ, cơ quan thuộc Chính phủ", "Ủy ban nhân dân các tỉnh"],
        ),
        ("Thủ trưởng các đơn vị thuộc, trực thuộc Bộ tổ chức", ["Thủ trưởng các đơn vị thuộc, trực thuộc Bộ"]),
        ("Ban Tuyên giáo các tỉnh ủy, thành ủy phát hành", ["Ban Tuyên giáo các tỉnh ủy, thành ủy"]),
        ("Thanh tra Bộ xây dựng kế hoạch", ["Thanh tra Bộ"]),
        ("lực lượng thú y kiểm soát", ["lực lượng thú y"]),
        ("công an cùng cấp xây dựng", ["công an cùng cấp"]),
        ("Hai ngành luân phiên chủ trì", ["Hai ngành"]),
        ("Ủy ban nhân dân 10 phường kiểm tra", ["Ủy ban nhân dân 10 phường"]),
        (
            "UBND các huyện, thị xã An Bình, thành phố Sông Lam tổ chức",
            ["UBND các huyện, thị xã An Bình, thành phố Sông Lam"],
        ),
        ("Bí thư các Tỉnh ủy, Thành ủy chỉ đạo", ["Bí thư các Tỉnh ủy, Thành ủy"]),
        ("Ban Thường vụ Đảng ủy xã Hưng Phú tập trung", ["Ban Thường vụ Đảng ủy xã Hưng Phú"]),
        ("Công ty Điện lực Bình Sơn, Hòa Phát Bình Sơn bảo đảm", ["Công ty Điện lực Bình Sơn", "Hòa Phát Bình Sơn"]),
        ("các Viện VSDT/Pasteur khu vực chỉ đạo", ["các Viện VSDT/Pasteur khu vực"]),
        ("Ngân hàng Nhà nước Việt Nam chi nhánh tỉnh đôn đốc", ["Ngân hàng Nhà nước Việt Nam chi nhánh tỉnh"]),
        ("Lãnh đạo, chỉ đạo UBND tỉnh rà soát", []),
        ("Các huyện, thị, thành ủy xây dựng", ["Các huyện, thị, thành ủy"]),
        ("Ban Quản lý các khu công nghiệp tỉnh rà soát", ["Ban Quản lý các khu công nghiệp tỉnh"]),
        ("Phòng Tham mưu - Công an tỉnh, Thành đoàn tổ chức", ["Phòng Tham mưu - Công an tỉnh", "Thành đoàn"]),
        (
            "Kho bạc Nhà nước khu vực 9, Đội Kiểm soát số 3 đối chiếu",
            ["Kho bạc Nhà nước khu vực 9", "Đội Kiểm soát số 3"],
        ),
        ("Lực lượng Kiểm lâm tuần tra", ["Lực lượng Kiểm lâm"]),
        (
            "Trung tâm Phục vụ hành chính công tỉnh, Đảng ủy các cơ quan Đảng tỉnh tiếp nhận",
            ["Trung tâm Phục vụ hành chính công tỉnh", "Đảng ủy các cơ quan Đảng tỉnh"],
        ),
        ("Các chi, đảng bộ trực thuộc Huyện ủy lãnh đạo", ["Các chi, đảng bộ trực thuộc Huyện ủy"]),
    ],
)
def test_a_list_of_bodies_ends_where_the_sentence_goes_on(text, names):
    bodies = Bodies(text)

    assert bodies.texts(bodies.list_at(0, singular=True)[0]) == names


@pytest.mark.parametrize(
    "text",
    [
        "Báo cáo kết quả thực hiện",
        "Ban hành kế hoạch",
        "Tổ chức hội nghị",
        "Đoàn kết các dân tộc",
        "Bố trí kinh phí",
        "Vụ việc phức tạp",
        "Phòng, chống dịch bệnh",
        "Hội nghị tổng kết",
        "xã hội hóa nguồn lực",
        "",
        "???",
    ],
)
def test_verbs_and_things_are_no_bodies(text):
    assert Bodies(text).list_at(0)[0] == []


def test_names_nested_without_end_are_read_in_bounded_time():
    bodies = Bodies("Ban Thường vụ " * 20_000)

    assert len(bodies.list_at(0)[0]) == 1
