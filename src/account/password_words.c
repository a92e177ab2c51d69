#include "account/password_words.h"

#include "base/compiler.h"

/* clang-format off */
const char *const password_words[] = {
    /* keyboards and habits of the whole world */
    "password", "passw0rd", "passwd", "pass", "qwerty", "qwertyuiop", "azerty", "asdfgh",
    "asdfghjkl", "zxcvbn", "zxcvbnm", "qazwsx", "1qaz2wsx", "qweasd", "abc", "abcd", "abcdef",
    "abcdefgh", "welcome", "letmein", "admin", "administrator", "root", "user", "guest", "test",
    "testing", "demo", "login", "master", "secret", "default", "changeme", "change", "monkey",
    "dragon", "sunshine", "princess", "football", "baseball", "shadow", "michael", "superman",
    "batman", "iloveyou", "loveyou", "love", "hello", "freedom", "whatever", "trustno", "computer",
    "internet", "google", "facebook", "zalo", "gmail", "yahoo", "samsung", "iphone", "apple",
    "android", "windows", "microsoft", "office", "server", "network", "system", "summer", "winter",
    "spring", "autumn", "monday", "friday", "january", "december", "money", "happy", "lucky",
    "angel", "baby", "family", "mother", "father", "friend", "forever", "flower", "butterfly",
    "orange", "banana", "cookie", "chocolate", "coffee", "pepper", "ginger", "killer", "hunter",
    "ranger", "soccer", "hockey", "tennis", "golf", "ninja", "matrix", "starwars", "pokemon",
    "correct", "horse", "battery", "staple", "vietnam", "hanoi", "saigon",
    /* the same in Viet Nam */
    "matkhau", "mkhau", "matma", "dangnhap", "taikhoan", "nguoidung", "quantri", "quanly",
    "hethong", "maytinh", "dienthoai", "xinchao", "chaoban", "yeuem", "emyeu", "anhyeu", "yeuanh",
    "anhyeuem", "emyeuanh", "yeu", "tinhyeu", "mainhoem", "conyeu", "giadinh", "bame", "bome",
    "vochong", "thuongyeu", "hanhphuc", "maymai", "maimai", "mai", "buon", "khongbiet", "khongnho",
    "khongco", "saodoi", "doimatkhau", "hoilamgi", "congchua", "hoangtu", "thienthan",
    "vietnamvodich", "vodich", "bongda", "toiyeuvietnam", "toiyeu", "yeunuoc", "motnamba",
    "motnambabon", "motnhaiba", "motha", "motbahai", "namsaubay", "khong", "mot", "hai", "chamcom",
    "abcxyz", "xyz", "phattai", "locphat", "thantai", "chucmungnammoi", "nammoi", "tetnguyendan",
    "mungdang", "mungxuan",
    /* offices and this trade */
    "dangcongsan", "congsan", "dang", "dangbo", "danguy", "tinhuy", "thanhuy", "huyenuy", "xauy",
    "quanuy", "chibo", "chiuy", "bithu", "phobithu", "thuongtruc", "banthuongvu", "thuongvu",
    "capuy", "dangvien", "doanthanhnien", "thanhnien", "congdoan", "phunu", "nongdan",
    "cuuchienbinh", "mattran", "mttq", "ubnd", "hdnd", "ubmttq", "uybannhandan", "uyban", "nhandan",
    "hoidongnhandan", "hoidong", "chutich", "phochutich", "vanphong", "vanthu", "chuyenvien",
    "canbo", "congchuc", "vienchuc", "truongphong", "phophong", "giamdoc", "phogiamdoc", "sonoivu",
    "noivu", "bantochuc", "tochuc", "tuyengiao", "danvan", "kiemtra", "noichinh", "truongchinhtri",
    "chinhtri", "hocvien", "hocvienchinhtri", "giangvien", "hoctap", "boiduong", "daotao",
    "taphuan", "lophoc", "khoahoc", "diemcau", "hoinghi", "tructuyen", "ketnoi", "baocao",
    "kehoach", "quyetdinh", "congvan", "thongbao", "vanban", "nhiemvu", "diemdanh", "thuhoach",
    "chuyende", "hochiminh", "bacho", "bachodai", "tutuonghochiminh", "tutuong", "maclenin",
    "doclap", "tudo", "xahoichunghia", "conghoa", "conghoaxahoi", "tohoc", "toquoc", "quochoi",
    "chinhphu", "thutuong", "nhanuoc", "phapluat", "caicachhanhchinh", "chuyendoiso", "dichvucong",
    "motcua", "hanhchinh", "thongke", "taichinh", "ketoan", "kinhte", "vanhoa", "xahoi", "yte",
    "giaoduc", "congan", "quandoi", "bodoi", "tinh", "thanhpho", "huyen", "quan", "phuong", "xa",
    "dackhu", "thon", "xom", "ban", "khupho", "todanpho",
    /* places */
    "angiang", "bacninh", "camau", "caobang", "daklak", "dienbien", "dongnai", "dongthap", "gialai",
    "hatinh", "hungyen", "khanhhoa", "laichau", "lamdong", "langson", "laocai", "nghean",
    "ninhbinh", "phutho", "quangngai", "quangninh", "quangtri", "sonla", "tayninh", "thainguyen",
    "thanhhoa", "cantho", "danang", "haiphong", "hue", "tphcm", "hcmc", "vinhlong", "tuyenquang",
    "hagiang", "yenbai", "backan", "hoabinh", "vinhphuc", "bacgiang", "thaibinh", "hanam",
    "namdinh", "quangbinh", "quangnam", "kontum", "binhdinh", "phuyen", "daknong", "ninhthuan",
    "binhthuan", "binhduong", "binhphuoc", "baria", "vungtau", "longan", "tiengiang", "bentre",
    "travinh", "haugiang", "soctrang", "baclieu", "kiengiang", "haiduong", "truongsa", "hoangsa",
    "phuquoc", "condao",
    /* names people bear */
    "nguyen", "tran", "pham", "hoang", "huynh", "phan", "vu", "bui", "duong", "nguyenvan",
    "nguyenthi", "tranvan", "tranthi", "levan", "lethi", "phamvan", "phamthi", "hung", "dung",
    "tuan", "minh", "thanh", "thang", "trung", "cuong", "quang", "thao", "trang", "huong", "hang",
    "hanh", "linh", "lan", "hoa", "binh", "khanh", "long", "nam", "son", "viet", "duc", "anh",
    "thuy", "thu", "ngoc", "nga", "yen", "van", "thi",
};
/* clang-format on */
const size_t password_words_len = LEN(password_words);
