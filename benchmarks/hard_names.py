"""
Invented-population names for the hard set: given names by origin, family names, and how the same name comes to be written differently.

The lists are ordinary names put together for this benchmark; no list of persons lies behind them. Order is roughly from common to rare, and
`hard_pairs.py` draws with a weight that falls with the place in the list, because term frequencies matter to every matcher measured here.
"""

from __future__ import annotations

from typing import Final

GIRLS: Final[dict[str, str]] = {
    "norsk": (
        "Emma Nora Olivia Sofie Ella Maja Emilie Frida Ingrid Leah Sara Selma Sofia Amalie Iben Anna Astrid Hedda Alma Ada Thea Ida"
        " Live Tiril Eva Mia Julie Signe Lilly Vilde Hedvig Mathilde Aurora Jenny Oda Amanda Ellinor Agnes Victoria Mie Elise Tuva"
        " Marie Johanne Solveig Synne Eline Ylva Edith Alva Isabella Hanna Ellie Maria Linnea Embla Maren Andrea Sigrid Lykke"
        " Cornelia Kaja Aslaug Åse Åshild Ragnhild Gunhild Bergljot Jorunn Torunn Eirin Guro Marte Silje Kristine Camilla Henriette"
        " Karoline Elisabeth Katarina Margrete Helene Benedikte Birgitte Charlotte Dorthea Fredrikke Gabriella Josefine Rebekka"
        " Rakel Sunniva Tomine Ulrikke Viktoria Wilma Ea Eira Erle Ane Anette Annika Celine Celina Emily Emelie Evelina Filippa"
        " Hermine Ingeborg Iselin Jasmin Kornelia Lea Leonora Liv Lotta Luna Matilde Mathea Milla Mina Nathalie Natalie Oline"
        " Othilie Pernille Petra Pia Stella Storm Sanna Sandra Saga Runa Ronja"
    ),
    "samisk": (
        "Elle Máret Inga Sárá Ánne Risten Biret Ravna Káre Márjá Láilá Elen Ristiinná Gáddjá Sunná Ánde-Márjá Májjá Bieráš Ieŋŋá"
        " Siiri Lávrra Sire Áile Čálba Ellen-Ánne Biennaš Mággá Risttiinna"
    ),
    "arabisk": (
        "Fatima Maryam Aisha Amina Khadija Zainab Layla Noor Yasmin Hafsa Sumaya Salma Hanan Safiya Ruqayya Rahma Huda Iman Asma"
        " Zahra Amal Hodan Sahra Ifrah Nasra Fadumo Ayaan Hibo Rayan Dunya Shirin Rojin Berivan Zilan Samira Nadia Farah Malak"
        " Tasnim Jannat"
    ),
    "slavisk": (
        "Zofia Zuzanna Julia Hanna Maja Lena Oliwia Alicja Aleksandra Wiktoria Katarzyna Agnieszka Sofiia Solomiia Yuliia"
        " Anastasiia Mariia Oksana Kateryna Yevheniia Daryna Polina Viktoriia Yelyzaveta Nataliia Vasylyna Gabija Ugnė Emilija Liepa"
        " Austėja Elžbieta Živilė Jelena Milica"
    ),
    "annet": (
        "Selam Feven Rahel Bethlehem Hiwot Luwam Eden Nardos Yohana Senait Priya Ananya Aadhya Thi Linh Mai Ngoc Siriporn Malee"
        " Grace Blessing Esther Deborah Divine Gloria Camila Valentina Luciana Mariana Beatriz"
    ),
}
BOYS: Final[dict[str, str]] = {
    "norsk": (
        "Noah Jakob Emil Lucas Oliver Isak William Filip Aksel Theodor Elias Oskar Johannes Henrik Magnus Ludvig Kasper Liam"
        " Mathias Tobias Oskar Alfred Matheo Victor Håkon Olav Sverre Ulrik Even Birk Jonas Jens Mikkel Sander Adrian Storm Erik"
        " Markus Alexander Kristian Martin Hermann Iver Nikolai Benjamin Daniel Leon Julian Odin Gustav Fredrik August Sebastian Max"
        " Felix Adam Peder Hans Trym Eirik Vetle Herman Elliot Leo Levi Mads Marius Petter Sigurd Sindre Simen Theo Thomas Tarjei"
        " Torjus Trygve Ask Bjørn Brage Brede Christian Christoffer Kristoffer Edvard Eivind Endre Fabian Gard Gabriel Georg Halvor"
        " Harald Håvard Ivar Jesper Joachim Joakim Johan Jørgen Karl Kjell Knut Kristoffer Lars Lasse Leander Lukas Mateo Michael"
        " Mikael Nils Nicolai Oddvar Ole Oscar Pål Pelle Philip Phillip Ragnar Rasmus Robin Samuel Sivert Snorre Stian Sondre Syver"
        " Teodor Tor Torbjørn Torstein Troy Viktor Viljar Wilhelm Wilmer Øyvind Øystein Åsmund Ådne Åge"
    ),
    "samisk": (
        "Ánte Niillas Máhtte Áslat Jovnna Nils-Ánte Issát Ándaras Lásse Mihkkal Piera Heaika Sámmol Ovllá Juhán Biera Guhtur Áilu"
        " Joŋŋá Ásllat Jon-Ánte Mikkel-Ánde Čáhppe Hánsa Josvva Lemet Rávdná Duommá Biehtár"
    ),
    "arabisk": (
        "Mohammed Ahmed Ali Omar Yusuf Hassan Hussein Ibrahim Abdullah Khalid Mahmoud Mustafa Ismail Zakaria Bilal Hamza Adam Ayman"
        " Tariq Sulaiman Abdirahman Abdi Liban Guled Zubair Usman Jamal Karim Rashid Samir Faisal Anwar Idris Luqman Yahya Musa Nuh"
        " Rojhat Baran Azad Dilan"
    ),
    "slavisk": (
        "Jakub Kacper Szymon Filip Aleksander Wojciech Mikołaj Krzysztof Łukasz Michał Stanisław Oleksandr Maksym Dmytro Mykhailo"
        " Artem Danylo Yaroslav Bohdan Tymofii Yevhen Volodymyr Andrii Serhii Ihor Matas Lukas Jonas Dovydas Šarūnas Žygimantas"
        " Nikola Stefan Đorđe Dušan"
    ),
    "annet": (
        "Yonas Filmon Natnael Abel Kidane Samuel Isaias Yonatan Mikal Awet Arjun Aarav Rohan Minh Anh Duc Somchai Emmanuel Precious"
        " Kwame Kofi Santiago Mateo Thiago Joaquim Tesfay Merhawi Robel Haben"
    ),
}
FAMILIES: Final[dict[str, str]] = {
    "norsk": (
        "Hansen Johansen Olsen Larsen Andersen Pedersen Nilsen Kristiansen Jensen Karlsen Johnsen Pettersen Eriksen Berg Haugen"
        " Hagen Johannessen Andreassen Jacobsen Dahl Jørgensen Halvorsen Henriksen Lund Sørensen Jakobsen Moen Gundersen Iversen"
        " Strand Solberg Svendsen Eide Knutsen Martinsen Paulsen Bakken Kristoffersen Mathisen Lie Amundsen Nguyen Rasmussen Lunde"
        " Solheim Kristensen Berge Moe Nygård Bakke Christensen Fredriksen Holm Lien Hauge Andresen Nielsen Knudsen Evensen Sæther"
        " Aas Myhre Hanssen Haugland Thomassen Sivertsen Simonsen Danielsen Berntsen Sandvik Rønning Arnesen Næss Antonsen Haug"
        " Edvardsen Ellingsen Vik Thorsen Gulbrandsen Isaksen Birkeland Ruud Aasen Ødegård Strøm Myklebust Tangen Eliassen Bøe"
        " Helland Mikkelsen Aune Jenssen Tveit Abrahamsen Brekke Madsen Engen Christiansen Wold"
    ),
    "samisk": (
        "Sara Gaup Utsi Eira Somby Hætta Buljo Turi Guttorm Valkeapää Skum Siri Bær Triumf Joks Vars Balto Nystø Labba Kemi Magga"
        " Näkkäläjärvi Sokki Oskal Porsanger Mienna Påve Bongo Tornensis Blind"
    ),
    "arabisk": (
        "Mohamed Ali Ahmed Hassan Abdi Ibrahim Hussein Omar Yusuf Abdullahi Khan Mahmoud Osman Ismail Khalil Al-Sayed Haddad"
        " Mansour Al-Khatib Barzani Salih Nasser Farah Warsame Jama Nur Aden Sheikh Butt Chaudhry Malik Hussain Akhtar Rahman Karimi"
        " Rezai Hosseini Ahmadi Noori Mohammadi Haidari Sharif Qasim Youssef Zidan Khoury"
    ),
    "slavisk": (
        "Kowalski Nowak Wiśniewski Wójcik Kamiński Lewandowski Zieliński Szymański Woźniak Dąbrowski Kozłowski Jankowski Mazur"
        " Krawczyk Piotrowski Shevchenko Kovalenko Bondarenko Tkachenko Kravchenko Oliinyk Shevchuk Polishchuk Lysenko Rudenko"
        " Petrenko Savchenko Marchenko Hrytsenko Kazlauskas Petrauskas Jankauskas Stankevičius Jovanović Petrović Đorđević Nikolić"
        " Marković"
    ),
    "annet": (
        "Tesfamariam Ghebremedhin Haile Tekle Berhane Kidane Woldu Araya Singh Kaur Kumar Sharma Patel Tran Pham Le Hoang Vo Dang"
        " Saetang Mensah Okafor Adeyemi Silva Santos Garcia Rodriguez Fernandez Lopez Perera Sivakumar Nadarajah Kanagaratnam"
    ),
}
ORIGINS: Final[dict[str, float]] = {"norsk": 0.62, "samisk": 0.08, "arabisk": 0.14, "slavisk": 0.10, "annet": 0.06}

# Farm names: the long tail that makes a Norwegian family name worth much as evidence.
FARM_STARTS: Final = (
    "Sol Nord Sør Øst Vest Bjørk Gran Furu Ask Alm Eike Lind Stor Lille Høy Dyp Lang Brei Små Grønn Svart Hvit Rød Stein Berg Fjell"
    " Dal Elve Fosse Sjø Strand Vann Myr Mo Eng Åker Kveld Morgen Haug Ås Li Bakke Kirke Kross Gjerde Skog Hei Vik Nes Øy Holm Sund"
    " Tveit Rud Hel Val Tor Ravn Ulv Bjørn"
)
FARM_ENDS: Final = (
    "berg dal heim stad nes vik rud tveit set land bø haug bakken moen lien åsen sund øy gård eng myr mo hagen lund seth vold"
)

STREETS: Final = (
    "Storgata Kirkegata Skolegata Skolevegen Industrivegen Fjordgata Havnegata Parkveien Bjørkeveien Granveien Furuveien Solbakken"
    " Åsveien Elvegata Møllergata Strandveien Bekkefaret Lyngveien Rogneveien Tyttebærstien Blåbærstien Fjellveien Kongens gate"
    " Dronningens gate Prestegårdsveien Jernbanegata Stasjonsveien Nygata Sørligata Hagegata Ospeveien Hasselveien Seljeveien"
    " Eikeveien Máhkkorjohka Ávjovárgeaidnu Hánnoluohkká Suomageaidnu Bredbuktnesveien Idrettsveien Myrullveien Multeveien"
    " Tjernsliveien Gamleveien"
)
STREETS_OF_TWO_WORDS: Final = ("Nedre Torggate", "Kongens gate", "Dronningens gate", "Øvre Markvei", "Vestre Ring")

# The same name as different offices, passports and parents write it.
SPELLINGS: Final = (
    "Mohammed Muhammad Mohamed Mohammad Mahamed Mohamad Muhammed",
    "Ahmed Ahmad Axmed",
    "Yusuf Yousef Youssef Yosef Yousuf Iusuf",
    "Hussein Hussain Husein Hossein Xuseen Hussien",
    "Hassan Hasan Xasan",
    "Khadija Khadijah Hadija Kadija Khadiija",
    "Aisha Aicha Ayesha Caasha Aysha Asha",
    "Abdirahman Abdirahmaan Abdurrahman Abdulrahman Cabdiraxmaan Abdelrahman",
    "Abdullah Abdallah Abdulla Abdullahi Cabdullaahi",
    "Fatima Fatma Fadumo Faduma Fatimah Fatemeh",
    "Maryam Mariam Miriam Meryem Maryan",
    "Zainab Zaynab Zeinab Zeynep Saynab",
    "Omar Umar Cumar Omer",
    "Usman Osman Othman Cismaan",
    "Mahmoud Mahmud Mahmood Maxamuud",
    "Sulaiman Suleiman Suleyman Soleiman Saleban",
    "Khalid Khaled Halid Kaalid",
    "Zakaria Zakariya Zakarie Sakariye",
    "Yasmin Jasmin Yasmeen Jasmine Yasamin",
    "Layla Leila Laila Leyla",
    "Noor Nour Nur Nor",
    "Ibrahim Ebrahim Ibraahim Brahim",
    "Tariq Tarik Tareq Tarek",
    "Jamal Gamal Djamal Cemal",
    "Oleksandr Aleksandr Alexander Olexandr Aleksander",
    "Oleksandra Aleksandra Alexandra Olexandra",
    "Yuliia Yulia Julia Iuliia Juliia",
    "Sofiia Sofia Sofija Zofia Sophia",
    "Mariia Maria Mariya Marija",
    "Anastasiia Anastasia Anastasiya Nastia",
    "Yevheniia Evgenia Yevgeniya Jevhenija Eugenia",
    "Yevhen Evgen Evgeny Jevhen Yevgen",
    "Mykhailo Mikhail Mihajlo Mychajlo Mykhaylo",
    "Dmytro Dmitri Dmitry Dmitro",
    "Serhii Sergei Sergey Serhiy",
    "Andrii Andrei Andriy Andrij",
    "Viktoriia Viktoria Victoria Viktoriya Wiktoria",
    "Nataliia Natalia Natalya Nataliya",
    "Kateryna Katerina Ekaterina Katarzyna",
    "Yelyzaveta Elizaveta Jelisaveta Yelizaveta",
    "Volodymyr Vladimir Wolodymyr",
    "Maksym Maxim Maksim Maxym",
    "Shevchenko Sjevtsjenko Shevtchenko Schewtschenko",
    "Tkachenko Tkatsjenko Tkatchenko",
    "Polishchuk Polisjtsjuk Polishuk Polischuk",
    "Kravchenko Kravtsjenko Krawtschenko",
    "Tesfamariam Tesfa-Mariam Tesfamaryam",
    "Ghebremedhin Gebremedhin Gebremedhn Ghebremedin",
    "Yohana Yohanna Johanna Yohanah",
    "Yonas Jonas Younas",
    "Natnael Natanael Nathnael",
    "Al-Sayed Alsayed El-Sayed Elsayed Al Sayed",
    "Al-Khatib Alkhatib El Khatib Al Khatib",
    "Chaudhry Chaudhary Choudhry Choudhary",
    "Hosseini Husseini Hoseini Hosayni",
    "Mohammadi Muhammadi Mohamadi",
    "Christoffer Kristoffer Kristofer Christopher Christofer",
    "Christian Kristian",
    "Katarina Catharina Katharina Katrina",
    "Mathias Matias Matthias Mattias",
    "Mathilde Matilde Mathilda Matilda",
    "Lucas Lukas Luca",
    "Filip Philip Phillip Fillip",
    "Oskar Oscar",
    "Sofie Sophie",
    "Hanna Hannah",
    "Leah Lea",
    "Theodor Teodor",
    "Thea Tea",
    "Håkon Haakon Håkan",
    "Pål Paul",
    "Sæther Sæter Seter Sether",
    "Ødegård Ødegaard Ødegaard Oedegaard",
    "Nygård Nygaard",
    "Aas Ås",
    "Aasen Åsen",
    "Máret Maret Mareth Marit",
    "Biret Berit Birit",
    "Áslat Aslak Aslat Ásllat",
    "Niillas Nillas Nils",
    "Ánte Ante Anders Ánde",
    "Mihkkal Mikkel Mihkal",
    "Hætta Hetta Haetta Heahttá",
)

NICKNAMES: Final = (
    "Alexander Alex Sander",
    "Kristoffer Kris Stoffer",
    "Sebastian Seb Basse",
    "Benjamin Ben Benny",
    "Mathias Matti",
    "Elisabeth Lisa Lisbeth Beth Elise",
    "Katarina Kaja Kari Trine",
    "Karoline Line Kari",
    "Josefine Fina Josse",
    "Henriette Jette Henny",
    "Margrete Grete Greta Maggi",
    "Johannes Hannes Johs",
    "Fredrik Freddy Fredde",
    "Theodor Theo Teddy",
    "Nikolai Niko Klaus",
    "Emilie Emmi Milla",
    "Viktoria Vicky Tori",
    "Isabella Bella Isa",
    "Gabriella Ella Gabby",
    "Magdalena Malena Lena",
    "William Will Willy",
    "Daniel Dan Danny",
    "Michael Mike Mikke",
    "Tobias Tobben",
    "Jakob Jake Kob",
    "Abdirahman Abdi",
    "Mohammed Mo",
    "Ibrahim Ibbe",
    "Aleksander Olek Alek",
    "Zuzanna Zuzia Zuza",
    "Katarzyna Kasia",
    "Agnieszka Aga",
    "Wojciech Wojtek",
    "Krzysztof Krzysiek",
    "Anastasiia Nastya",
    "Mariia Masha",
    "Oleksandr Sasha",
    "Dmytro Dima",
    "Yevhen Zhenya",
    "Kateryna Katya",
)

TWIN_PAIRS: Final = (  # names parents give twins: alike on purpose
    "Emma Emilie|Ella Elle|Sofie Sofia|Jonas Johannes|Hassan Hussein|Maja Mia|Oliver Oskar|Nora Noah|Mathias Mathilde|Julie"
    " Julia|Lea Leo|Mohammed Mahmoud|Ahmed Ahmad|Maria Marie|Isak Iver|Filip Felix|Adam Adrian|Anna Hanna|Even Evelina|Amina"
    " Amal|Yusuf Yasmin|Erik Eirik"
)

# Letters that older journal systems could not hold, and what was typed instead.
_LOST = "á=a č=c đ=d ŋ=n š=s ŧ=t ž=z ä=æ ö=ø ł=l ś=s ń=n ą=a ó=o ć=c ė=e ū=u æ=ae ø=o å=a"
_HEARD = "š=sj č=tsj ŋ=ng ž=z đ=d ŧ=th á=aa å=aa ø=oe æ=ae"
_SOUNDS = (
    "kh=h kh=k ch=tsj sh=sj y=j y=i w=v ou=u oo=u ee=i ph=f x=ks c=k th=t q=k ii=i iy=i z=s dh=d gh=g ai=ei nn=n ss=s ll=l mm=m tt=t"
    " e=a o=u sz=sj cz=tsj aa=a"
)
LOST_LETTERS: Final[dict[str, str]] = dict(pair.split("=") for pair in _LOST.split())
SOUND_WRITTEN: Final[dict[str, str]] = dict(pair.split("=") for pair in _HEARD.split())
# Letters that sound alike across spellings; applied in either direction, one at a time.
SOUNDS: Final = tuple((one, other) for one, other in (pair.split("=") for pair in _SOUNDS.split()))
