"""School subjects: short codes and their names in Kazakh, Russian and English (the ministry publishes no codes; these are ours).

packets/authoring refuses a code that is not here; covers, worksheets and returns print the names. Pure data.
"""

from __future__ import annotations

from records.language import page_language

SUBJECTS: dict[str, tuple[str, str, str]] = {
    "literacy": ("Сауат ашу", "Обучение грамоте", "First reading and writing"),
    "primer": ("Әліппе", "Букварь", "Primer"),
    "mother_tongue": ("Ана тілі", "Родной язык", "Mother tongue"),
    "reading": ("Әдебиеттік оқу", "Литературное чтение", "Reading"),
    "kazakh": ("Қазақ тілі", "Казахский язык", "Kazakh"),
    "kazakh_lit": ("Қазақ әдебиеті", "Казахская литература", "Kazakh literature"),
    "kazakh_and_lit": ("Қазақ тілі мен әдебиеті", "Казахский язык и литература", "Kazakh language and literature"),
    "russian": ("Орыс тілі", "Русский язык", "Russian"),
    "russian_lit": ("Орыс әдебиеті", "Русская литература", "Russian literature"),
    "russian_and_lit": ("Орыс тілі мен әдебиеті", "Русский язык и литература", "Russian language and literature"),
    "uzbek": ("Өзбек тілі", "Узбекский язык", "Uzbek"),
    "uzbek_lit": ("Өзбек әдебиеті", "Узбекская литература", "Uzbek literature"),
    "uyghur": ("Ұйғыр тілі", "Уйгурский язык", "Uyghur"),
    "uyghur_lit": ("Ұйғыр әдебиеті", "Уйгурская литература", "Uyghur literature"),
    "tajik": ("Тәжік тілі", "Таджикский язык", "Tajik"),
    "tajik_lit": ("Тәжік әдебиеті", "Таджикская литература", "Tajik literature"),
    "english": ("Ағылшын тілі", "Английский язык", "English"),
    "foreign": ("Шетел тілі", "Иностранный язык", "Foreign language"),
    "math": ("Математика", "Математика", "Mathematics"),
    "algebra": ("Алгебра", "Алгебра", "Algebra"),
    "geometry": ("Геометрия", "Геометрия", "Geometry"),
    "informatics": ("Информатика", "Информатика", "Computer science"),
    "world": ("Дүниетану", "Познание мира", "Knowledge of the world"),
    "science": ("Жаратылыстану", "Естествознание", "Natural science"),
    "physics": ("Физика", "Физика", "Physics"),
    "chemistry": ("Химия", "Химия", "Chemistry"),
    "biology": ("Биология", "Биология", "Biology"),
    "geography": ("География", "География", "Geography"),
    "history": ("Қазақстан тарихы", "История Казахстана", "History of Kazakhstan"),
    "world_history": ("Дүниежүзі тарихы", "Всемирная история", "World history"),
    "law": ("Құқық негіздері", "Основы права", "Foundations of law"),
    "art": ("Көркем еңбек", "Художественный труд", "Arts and crafts"),
    "music": ("Музыка", "Музыка", "Music"),
    "sport": ("Дене шынықтыру", "Физическая культура", "Physical education"),
    "self_knowledge": ("Өзін-өзі тану", "Самопознание", "Self-knowledge"),
}


def subject_name(code: str, language: str) -> str:
    """The subject's name in `language` (uz, ug and tg fall back to Kazakh); the code itself where it is unknown."""
    names = SUBJECTS.get(code)
    return code if names is None else names[("kk", "ru", "en").index(page_language(language))]
