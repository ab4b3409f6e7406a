"""What units write, in the short prose of such reports. Numbers are those of the same section; nobody is named."""

from datetime import date

from directive_tracker.demo_story.figures import pick
from directive_tracker.vietnamese import vn_number

# Why a figure is not what the registry has counted.
BEYOND_THE_REGISTRY = "Số tổng hợp từ danh sách giấy của các huyện, thành phố; sổ tri ân đang ghi và xác minh tiếp."

# task → what is said while the work goes on, and when it is done. {CT01} stands for the figure, {paper} for the paper.
GOING_ON = {
    "1a.1": (
        "Đã tổ chức {CT01} buổi sinh hoạt, tọa đàm với {CT02} lượt người dự; lồng ghép trong sinh hoạt chi bộ thường kỳ.",
        "{CT01} chi bộ, đoàn thể trực thuộc đã sinh hoạt chuyên đề, {CT02} lượt cán bộ, đảng viên, đoàn viên, hội viên dự.",
        "Triển khai sinh hoạt chuyên đề theo kế hoạch: {CT01} buổi, {CT02} lượt người. Các buổi còn lại xếp lịch trong tháng.",
    ),
    "1a.2": (
        "Đăng {CT03} tin, bài; phát thanh {CT07} buổi; {CT08a} bài trên trang mạng của đơn vị với {CT08b} lượt tương tác.",
        "Hệ thống truyền thanh phát {CT07} buổi, trang thông tin đăng {CT03} tin, bài. Đã thay mới {CT04} pano, {CT05} băng rôn.",
        "Chuẩn bị nội dung cổ động trực quan: {CT04} pano, {CT05} băng rôn, khẩu hiệu; {CT08a} bài đăng trên mạng xã hội.",
    ),
    "1a.3": (
        "Đang hoàn chỉnh văn bản phát động, gắn với phong trào thi đua thường xuyên của đơn vị.",
        "Đã thống nhất nội dung phát động, trình lãnh đạo ký trong tuần.",
    ),
    "1a.4": (
        "Đã tổ chức {CT11} hoạt động văn nghệ, thể thao với {CT02} lượt người tham gia, cổ vũ.",
        "{CT11} hoạt động ở cơ sở, {CT02} lượt người dự; hội diễn cấp đơn vị dự kiến cuối tháng 4.",
    ),
    "1a.5": (
        "Đã có {CT09} bài dự thi viết, {CT10} lượt thi trực tuyến; tiếp tục vận động đoàn viên, hội viên tham gia.",
        "Phổ biến thể lệ tới các chi bộ, đoàn thể; ghi nhận {CT10} lượt thi trực tuyến và {CT09} bài viết.",
    ),
    "1b.1": ("Đang tổng hợp danh sách do các huyện, thành phố gửi, đối chiếu trong Sổ tri ân.",),
    "1b.2": ("Đã có dự thảo kế hoạch, đang lấy ý kiến các ngành và địa phương.",),
    "1b.3": ("Đã thăm {CT14} người, trao {CT15a} suất quà. Lịch các đoàn thăm còn lại xếp từ ngày 20/4.",),
    "1c.1": ("Đang bám hướng dẫn của cấp trên để phát động trong lực lượng vũ trang.",),
    "1c.2": ("Đã trao đổi với Mặt trận về phần tham gia của lực lượng vũ trang.",),
    "2": (
        "Đã giao cơ quan chuyên môn liên hệ Đài Truyền hình Việt Nam, chuẩn bị phương án khi tỉnh được chọn làm điểm cầu.",
    ),
    "3a.2": ("Phát động sáng tác trong hội viên, nhận {CT12} tác phẩm; phối hợp đôn đốc tham gia các cuộc thi.",),
    "3a.3": ("Đài PT-TH tỉnh đã phát {CT07} buổi phim tài liệu, phóng sự; lịch phát dày hơn từ giữa tháng 4.",),
    "3a.4": (
        "Tình hình thông tin trên mạng ổn định; đã có {CT16} bài phản bác trong kỳ, chưa phát sinh vấn đề phức tạp.",
    ),
    "3b": ("Đã kiểm tra {CT17a} cuộc, nhắc nhở {CT17b} lần về khẩu hiệu, cờ cũ, bạc màu.",),
}
DONE = {
    "1a.1": (
        "Đã hoàn thành đợt sinh hoạt: {CT01} buổi, {CT02} lượt người dự. Không có chi bộ nào chưa sinh hoạt.",
        "Kết thúc đợt sinh hoạt chính trị với {CT01} buổi, {CT02} lượt người; nội dung bám hướng dẫn của Ban Tuyên giáo.",
    ),
    "1a.2": (
        "Kết thúc đợt cao điểm: {CT03} tin, bài; {CT04} pano; {CT05} băng rôn; {CT06} lá cờ; {CT07} buổi phát thanh, chiếu phim.",
        "Treo {CT06} lá cờ, {CT05} băng rôn trên các trục đường chính; {CT03} tin, bài; {CT08a} bài đăng, {CT08b} lượt tương tác.",
    ),
    "1a.3": (
        "Đã ban hành {paper} phát động thi đua, gắn với chỉ tiêu cụ thể của từng đơn vị trực thuộc.",
        "Đã phát động thi đua tại hội nghị giao ban, ban hành {paper}; đăng ký các công trình, phần việc chào mừng.",
        "Ban hành {paper}; các cơ sở đã đăng ký nội dung thi đua.",
    ),
    "1a.4": (
        "Đã tổ chức {CT11} hoạt động, {CT02} lượt người tham gia; hội diễn và giải thể thao kết thúc đúng kế hoạch.",
        "Hoàn thành {CT11} hoạt động văn hóa, văn nghệ, thể thao với {CT02} lượt người.",
    ),
    "1a.5": ("Kết thúc đợt vận động: {CT09} bài dự thi viết, {CT10} lượt thi trực tuyến.",),
    "1b.1": (
        "Đã rà soát xong theo danh sách các huyện, thành phố gửi: {CT13a} cựu chiến binh, {CT13b} cựu TNXP, {CT13c} dân công hỏa tuyến. "
        "Danh sách từng người ở Sổ tri ân, không kèm trong báo cáo.",
    ),
    "1b.2": ("Đã ban hành {paper} gặp mặt, thăm hỏi, tri ân; phân công các đoàn thăm theo địa bàn.",),
    "1b.3": (
        "Đã gặp mặt, thăm hỏi {CT14} người, trao {CT15a} suất quà, tổng {CT15b} đồng từ ngân sách và xã hội hóa.",
    ),
    "1c.1": ("Đã phát động thi đua trong lực lượng vũ trang tỉnh theo {paper}; các đơn vị đăng ký 100%.",),
    "1c.2": ("Phần tham gia của lực lượng vũ trang đã ghi trong {paper}, thống nhất với Mặt trận.",),
    "2": ("Chương trình diễn ra đúng kế hoạch tại Nhà rông Kon Klor, an toàn, tín hiệu ổn định.",),
    "3a.1": (
        "Đã ban hành {paper} hướng dẫn đợt sinh hoạt chính trị tư tưởng và công tác tuyên truyền, gửi các cấp ủy.",
    ),
    "3a.2": ("Tổng kết được {CT12} tác phẩm gửi dự thi; các đơn vị hưởng ứng đầy đủ.",),
    "3a.3": ("Đài PT-TH tỉnh đã phát {CT07} buổi phim tài liệu, phóng sự trong đợt kỷ niệm.",),
    "3a.4": ("Thông tin trên mạng ổn định trong dịp kỷ niệm; {CT16} bài phản bác trong kỳ.",),
    "3b": ("Đã kiểm tra {CT17a} cuộc tại các địa phương, cơ quan; nhắc nhở {CT17b} lần, đều đã khắc phục.",),
}
# What a coordinating unit says.
CONTRIBUTED = {
    "1b.1": (
        "Đã rà soát xong tại các xã, phường, thị trấn; danh sách đã nhập Sổ tri ân để Mặt trận tổng hợp.",
        "Các xã đã đối chiếu với hồ sơ lưu; danh sách nhập Sổ tri ân, còn chờ xác nhận của cấp trên.",
    ),
    "1b.2": (
        "Đã góp ý dự thảo kế hoạch, đề xuất lịch thăm tại địa bàn.",
        "Thống nhất với dự thảo; cử đầu mối phối hợp các đoàn thăm.",
    ),
    "1b.3": ("Đã bố trí đưa đón, phối hợp đoàn thăm theo lịch của Mặt trận.",),
    "1c.2": ("Đã trao đổi, thống nhất phần tham gia của lực lượng vũ trang trong kế hoạch tri ân.",),
    "3a.3": ("Đã dựng lịch phát sóng, ưu tiên khung giờ tối; phim tài liệu phát hằng tuần.",),
}
DEPLOYED = (
    "Đã ban hành {paper} triển khai; phân công đến từng chi bộ, đoàn thể trực thuộc.",
    "Ban hành {paper} tổ chức đợt sinh hoạt chính trị, gửi các đơn vị trực thuộc thực hiện.",
    "Đã quán triệt tại hội nghị giao ban và ban hành {paper}.",
)
DEPLOYED_CLAUSE_2 = (
    "Đã ban hành {paper} giao các cơ quan liên quan chuẩn bị, chủ động liên hệ Đài Truyền hình Việt Nam.",
)
PREPARED = ("Đã hoàn chỉnh {paper} tổ chức điểm cầu, thống nhất địa điểm và phân công lực lượng bảo đảm.",)
DIFFICULTIES = (
    "Một số thôn ở xa, mạng yếu nên tỷ lệ dự thi trực tuyến còn thấp.",
    "Kinh phí cổ động trực quan bố trí từ nguồn thường xuyên, còn eo hẹp.",
    "Cán bộ văn hóa ở xã kiêm nhiệm nhiều việc, số liệu gửi về chậm.",
    "Trùng thời gian cao điểm phòng, chống cháy rừng nên lịch sinh hoạt phải lùi.",
    "Một phần pano đã cũ, chưa thay kịp.",
    "Tài liệu tuyên truyền bằng tiếng dân tộc thiểu số còn ít.",
)
PROPOSALS = (
    "Đề nghị Ban Tuyên giáo Tỉnh ủy cấp thêm tài liệu, phim tư liệu.",
    "Đề nghị hỗ trợ mẫu pano thống nhất để các xã tự in.",
)
GENERAL = (
    "Các nhiệm vụ được triển khai đúng kế hoạch; các chi bộ, đoàn thể hưởng ứng tốt.",
    "Cơ bản bảo đảm tiến độ; đơn vị tiếp tục đôn đốc cơ sở hoàn thành các nội dung còn lại.",
    "Đợt sinh hoạt được triển khai gắn với nhiệm vụ chính trị của đơn vị trong quý.",
)


def results(unit: str, task: str, kind: str, day: date, values: dict[str, int], paper: str) -> str:
    """What the unit says about its work.

    Args:
        kind: "going_on", "done", "contributed", "deployed" or "prepared".
        values: the section's figures by code.
        paper: the identity of the paper it reports, or "".
    """
    bank = {
        "going_on": GOING_ON.get(task),
        "done": DONE.get(task),
        "contributed": CONTRIBUTED.get(task),
        "deployed": DEPLOYED_CLAUSE_2 if task == "2" else DEPLOYED,
        "prepared": PREPARED,
    }[kind]
    sentence = bank[pick(unit, task, kind, str(day.month), of=len(bank))]
    shown = {code: vn_number(value) for code, value in values.items()}
    return sentence.format(paper=paper or "văn bản", **shown)


def difficulties(unit: str, task: str, day: date) -> str:
    """A difficulty in one of three sections, else ""."""
    if task not in ("1a.1", "1a.2", "1a.4", "1a.5") or pick(unit, task, "hard", str(day.month), of=3):
        return ""
    return DIFFICULTIES[pick(unit, task, str(day.month), "which", of=len(DIFFICULTIES))]


def proposals(unit: str, task: str, day: date) -> str:
    """A proposal now and then, about the visible propaganda."""
    if task != "1a.2" or pick(unit, "asks", str(day.month), of=5):
        return ""
    return PROPOSALS[pick(unit, "what", of=len(PROPOSALS))]


def general_note(unit: str, day: date) -> str:
    """The sentence on top of a report."""
    return GENERAL[pick(unit, "general", str(day.month), of=len(GENERAL))]
