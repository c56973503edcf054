"""A few sentences in many languages, written for these tests, and the encodings that were in use for each."""

# fmt: off
TEXTS = {
    "en": (
        "The ferry came back to the island on Friday after three weeks in dock. “It is like a bridge "
        "to us,” said the mayor – and the café on the quay, closed since the spring, opened its doors "
        "again."
    ),
    "fr": (
        "Le conseil municipal s’est réuni vendredi pour la troisième fois. « Nous n’avons pas encore "
        "décidé », a déclaré le maire à l’issue de la séance, où plusieurs élus ont été hués par "
        "des habitants très fâchés."
    ),
    "de": (
        "Der Gemeinderat hat die Entscheidung über die Brücke auf März verschoben. Die Bürgermeisterin "
        "erklärte, die Zahlen seien noch nicht vollständig; für die Anwohner der Straße heißt das "
        "weitere Monate Lärm und Umwege über Köln."
    ),
    "es": (
        "El alcalde anunció el viernes que la línea de autobús volverá a funcionar mañana. «No habrá "
        "más retrasos», señaló, aunque los vecinos del barrio pidieron una explicación más clara "
        "sobre el número de vehículos y el año de compra."
    ),
    "pl": (
        "Prom wrócił w piątek na wyspę po trzech tygodniach w stoczni. Burmistrz powiedział, że mieszkańcy "
        "długo czekali na tę wiadomość, a łódź będzie pływać częściej niż dotąd, także późną nocą "
        "i w święta."
    ),
    "cs": (
        "Zastupitelé v pátek odložili rozhodnutí o novém mostě. Starosta řekl, že čísla ještě nejsou "
        "úplná a že lidé z okolních vesnic budou muset počkat až do jara, než se začne s přestavbou "
        "křižovatky."
    ),
    "ru": (
        "Паром вернулся на остров в пятницу после трёх недель ремонта. Мэр сообщил журналистам, что "
        "жители долго ждали этой новости и что теперь рейсы будут выполняться чаще, чем прежде, в "
        "том числе ночью."
    ),
    "uk": (
        "Пором повернувся на острів у п’ятницю після трьох тижнів ремонту. Міський голова повідомив, "
        "що мешканці довго чекали на цю новину і що відтепер рейси виконуватимуться частіше, зокрема "
        "й уночі."
    ),
    "el": (
        "Το πλοίο επέστρεψε την Παρασκευή στο νησί ύστερα από τρεις εβδομάδες επισκευών. Ο δήμαρχος "
        "είπε ότι οι κάτοικοι περίμεναν πολύ αυτή την είδηση και ότι τα δρομολόγια θα γίνονται πλέον "
        "συχνότερα."
    ),
    "tr": (
        "Feribot üç haftalık bakımın ardından cuma günü adaya döndü. Belediye başkanı, halkın bu "
        "haberi uzun süredir beklediğini ve seferlerin artık eskisinden daha sık, gece de yapılacağını "
        "açıkladı."
    ),
    "ja": (
        "三週間の修理を終えたフェリーが金曜日に島へ戻った。町長は、住民が長い間この知らせを待っていたと述べ、"
        "今後は夜間を含めて便数を増やす方針を明らかにした。島の喫茶店も営業を再開した。"
    ),
    "zh": (
        "经过三周的维修，渡轮于星期五返回岛上。镇长说，居民们等待这个消息已经很久了，今后班次将比以前更多，夜"
        "间也会开航。码头上的咖啡馆也重新开门营业，游客可以在那里购买船票。"
    ),
    "zh-tw": (
        "經過三週的維修，渡輪於星期五返回島上。鎮長說，居民們等待這個消息已經很久了，今後班次將比以前更多，夜"
        "間也會開航。碼頭上的咖啡館也重新開門營業，遊客可以在那裡購買船票。"
    ),
    "ko": (
        "여객선이 삼 주 동안의 수리를 마치고 금요일에 섬으로 돌아왔다. 시장은 주민들이 이 소식을 오래 기다려 왔으며 "
        "앞으로는 밤에도 배가 더 자주 다닐 것이라고 말했다. "
        "부두의 찻집도 다시 문을 열었다."
    ),
    "ar": (
        "عادت العبّارة إلى الجزيرة يوم الجمعة بعد ثلاثة أسابيع من الإصلاح. وقال رئيس البلدية إن السكان "
        "انتظروا هذا الخبر طويلا وإن الرحلات ستكون أكثر من ذي قبل، وفي الليل أيضا."
    ),
    "he": (
        "המעבורת חזרה לאי ביום שישי אחרי שלושה שבועות של תיקונים. ראש העיר אמר שהתושבים חיכו זמן "
        "רב לבשורה הזאת, ושמעתה יצאו ההפלגות לעתים קרובות יותר, גם בלילה."
    ),
    "no": (
        "Fergen kom tilbake til øya på fredag etter tre uker på verft. Ordføreren sa at innbyggerne "
        "lenge har ventet på nyheten, og at båten nå skal gå oftere enn før, også om natten. Kafeen "
        "på brygga åpnet igjen."
    ),
    "hu": (
        "A komp pénteken három hét javítás után visszatért a szigetre. A polgármester közölte, hogy "
        "a lakók régóta várták ezt a hírt, és a járatok ezentúl sűrűbben, éjszaka is közlekednek "
        "majd. Újra kinyitott a kikötői kávézó, ahol őszig lehet jegyet venni."
    ),
}
ENCODINGS = {
    "en": ("cp1252",),
    "fr": ("cp1252", "iso8859-15"),
    "de": ("cp1252", "latin-1"),
    "es": ("cp1252", "latin-1"),
    "no": ("cp1252", "latin-1"),
    "pl": ("cp1250", "iso8859-2"),
    "cs": ("cp1250", "iso8859-2"),
    "hu": ("cp1250", "iso8859-2"),
    "ru": ("cp1251", "koi8-r", "cp866", "iso8859-5"),
    "uk": ("cp1251", "koi8-u"),
    "el": ("cp1253", "iso8859-7"),
    "tr": ("cp1254", "iso8859-9"),
    "ja": ("shift_jis", "euc-jp", "iso2022-jp"),
    "zh": ("gb18030",),
    "zh-tw": ("big5",),
    "ko": ("euc-kr",),
    "ar": ("cp1256", "iso8859-6"),
    "he": ("cp1255", "iso8859-8"),
}
# fmt: on
