/* Where a text may hold words in another encoding, and which of its rows of base64 go.

   It mirrors encoding_clues.py, encodings.in_base64 and encoded.py, and must give the same answers (tests/properties). Texts
   with escapes that a backslash, &# or 0x begins never come here: they are rare, and Python reads them alone. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <string.h>

enum { FOURTH = 8 }; /* one of the bits of encoding_clues.py: any character of base64 */
enum { ROW = 1, DIGITS = 2, OTHER = 4 }; /* what begins at a character */
enum { LOOKED_AT = 12, SHORTEST_RUN = 6, READINGS = 4, SHORTEST = 4, WIDEST = 18, REPLACEMENT = 0xfffd };
/* LOOKED_AT: characters that a clue takes at most, and the padding behind a text, so that none reads beyond it.
   WIDEST: characters that one is folded to at most, in Unicode. */

typedef struct { PyObject *object; Py_ssize_t size; unsigned char *bits, *clues; } Text; /* `clues`: by character what begins there */

/* What begins at one character. Without a branch, so that the compiler looks at many characters at once. */
static unsigned char clue_at(const unsigned char *b) {
    unsigned base64 = b[0] & b[1] >> 1 & b[2] >> 2 & b[3] >> 3 & b[4] & b[5] >> 1;
    unsigned wide = b[0] >> 7 & b[1] >> 1 & b[2] >> 3 & b[3] >> 7; /* UTF-16 in base64 */
    unsigned four_pairs = (b[0] & b[1] & b[2] & b[3] & b[4] & b[5] & b[6] & b[7]) >> 4;
    unsigned apart = (b[0] & b[1] & b[3] & b[4] & b[6] & b[7] & b[9] & b[10]) >> 4;
    unsigned marked = b[0] >> 5 & (b[1] & b[2]) >> 4;
    unsigned spaced = (b[0] & b[3] & b[6]) >> 6 & (b[1] & b[2] & b[4] & b[5] & b[7] & b[8]) >> 4;
    unsigned row = (base64 | wide | four_pairs) & 1, digits = (four_pairs | apart | marked) & 1, other = (marked | spaced) & 1;
    return (unsigned char)(row * ROW | digits * DIGITS | other * OTHER);
}

/* The bits of every character, none for those beyond ASCII, and padding without any. */
static int begun(Text *text, PyObject *object, const unsigned char *bits_of) {
    int kind = PyUnicode_KIND(object);
    const void *data = PyUnicode_DATA(object);
    text->object = object;
    text->size = PyUnicode_GET_LENGTH(object);
    text->bits = PyMem_Malloc(2 * (size_t)text->size + LOOKED_AT);
    if (!text->bits) { PyErr_NoMemory(); return -1; }
    text->clues = text->bits + text->size + LOOKED_AT;
    for (Py_ssize_t at = 0; at < text->size; at++) {
        Py_UCS4 sign = PyUnicode_READ(kind, data, at);
        text->bits[at] = sign < 128 ? bits_of[sign] : 0;
    }
    memset(text->bits + text->size, 0, LOOKED_AT);
    return 0;
}

/* Whether any clue says that something may be hidden: pairs of digits apart are none by themselves. */
static int may_hide(const Text *text) {
    const unsigned char *restrict bits = text->bits;
    unsigned char *restrict clues = text->clues, any = 0;
    for (Py_ssize_t at = 0; at < text->size; at++) any |= clues[at] = clue_at(bits + at);
    return (any & (ROW | OTHER)) != 0;
}

/* ---- base64 ---- */

static unsigned char six_bits(Py_UCS4 sign) {
    if (sign >= 'A' && sign <= 'Z') return (unsigned char)(sign - 'A');
    if (sign >= 'a' && sign <= 'z') return (unsigned char)(sign - 'a' + 26);
    if (sign >= '0' && sign <= '9') return (unsigned char)(sign - '0' + 52);
    return sign == '+' || sign == '-' ? 62 : 63;
}

/* The bytes of a part of the alphabet without those that are zero; what is left over at its end and makes no byte is dropped. */
static Py_ssize_t decoded(const Text *text, Py_ssize_t at, Py_ssize_t end, char *octets) {
    int kind = PyUnicode_KIND(text->object), held = 0;
    const void *data = PyUnicode_DATA(text->object);
    unsigned gathered = 0;
    Py_ssize_t size = 0;
    for (; at < end; at++) {
        gathered = (gathered << 6 | six_bits(PyUnicode_READ(kind, data, at))) & 0xffff;
        held += 6;
        if (held < 8) continue;
        held -= 8;
        if ((octets[size] = (char)(gathered >> held & 0xff))) size++;
    }
    return size;
}

typedef struct { Py_UCS4 *signs; Py_ssize_t count; } Reading;

static int is_continued(const char *octets, Py_ssize_t at, Py_ssize_t size) { return at + 1 < size && ((unsigned char)octets[at + 1] & 0xc0) == 0x80; }

static int read_by_python(const char *octets, Py_ssize_t size, Reading *reading) {
    PyObject *said = PyUnicode_DecodeUTF8(octets, size, "replace");
    if (!said) return -1;
    for (reading->count = 0; reading->count < PyUnicode_GET_LENGTH(said); reading->count++)
        reading->signs[reading->count] = PyUnicode_READ_CHAR(said, reading->count);
    Py_DECREF(said);
    return 0;
}

/* Octets as UTF-8; each that is none becomes a replacement character. Characters of more than two, which are rare, Python reads. */
static int read_octets(const char *octets, Py_ssize_t size, Reading *reading) {
    reading->count = 0;
    for (Py_ssize_t at = 0; at < size; at++) {
        Py_UCS4 sign = (unsigned char)octets[at];
        if (sign >= 0x80) {
            int continued = is_continued(octets, at, size);
            if (continued && sign >= 0xe0 && sign <= 0xf4) return read_by_python(octets, size, reading);
            if (continued && sign >= 0xc2 && sign <= 0xdf) sign = (sign & 31) << 6 | ((unsigned char)octets[++at] & 63);
            else sign = REPLACEMENT;
        }
        reading->signs[reading->count++] = sign;
    }
    return 0;
}

/* ---- whether it goes: encodings.in_base64 and encoded.py ---- */

static int is_letter(Py_UCS4 sign) { return sign < 128 && Py_ISALPHA(sign); }

/* A word in small letters, in capitals, or in small letters behind a capital, whatever of "-_/+" stands around it. */
static int is_word(const Text *text, Py_ssize_t start, Py_ssize_t end) {
    int small = 0, capitals = 0;
    while (start < end && strchr("-_/+", (int)PyUnicode_READ_CHAR(text->object, start))) start++;
    while (end > start && strchr("-_/+", (int)PyUnicode_READ_CHAR(text->object, end - 1))) end--;
    for (Py_ssize_t at = start; at < end; at++) {
        Py_UCS4 sign = PyUnicode_READ_CHAR(text->object, at);
        if (!is_letter(sign)) return 0;
        if (Py_ISLOWER(sign)) small++;
        else if (at > start) capitals++;
    }
    return end > start && (!small || !capitals);
}

static int is_readable(Py_UCS4 sign) {
    if (Py_UNICODE_ISSPACE(sign)) return 1;
    if (sign < 128) return Py_ISALNUM(sign) || (sign && strchr(".,@'()/:_&;!?\"#+-", (int)sign));
    return sign >= 0xc0 && sign <= 0x24f;
}

/* Words or numbers, but for what stands before the first. */
static int reads(Reading reading) {
    Py_ssize_t run = 0;
    for (Py_ssize_t at = 0; at < reading.count; at++) {
        if (is_readable(reading.signs[at])) run++;
        else if (run >= SHORTEST) break;
        else run = 0;
    }
    return run >= SHORTEST && 4 * run >= 3 * reading.count;
}

typedef struct { PyObject *of, *closed, *spellings; } Record; /* `closed`: what one character says, as encoded.closed has it */

static int add_sequences(PyObject *list, PyObject *sequences, PyObject *nothing) {
    PyObject *all = PySequence_Fast(sequences, "sequences");
    int failed = !all;
    for (Py_ssize_t at = 0; !failed && at < PySequence_Fast_GET_SIZE(all); at++) {
        PyObject *sequence = PySequence_GetItem(PySequence_Fast_GET_ITEM(all, at), 0);
        PyObject *together = sequence ? PyUnicode_Join(nothing, sequence) : NULL;
        failed = !together || PyList_Append(list, together);
        Py_XDECREF(together);
        Py_XDECREF(sequence);
    }
    Py_XDECREF(all);
    return failed ? -1 : 0;
}

static int add_words(PyObject *list, PyObject *words) {
    PyObject *word, *value;
    for (Py_ssize_t at = 0; PyDict_Next(words, &at, &word, &value);) {
        if (!PyUnicode_Check(word)) { PyErr_SetString(PyExc_TypeError, "a word is str"); return -1; }
        if (PyUnicode_GET_LENGTH(word) >= SHORTEST && PyList_Append(list, word)) return -1;
    }
    return 0;
}

/* What is known, without spaces: words and numbers that can be seen, and what is of more words. */
static PyObject *spellings_of(PyObject *known) {
    static const char *const names[] = {"single", "numbers", "longer"};
    PyObject *list = PyList_New(0), *nothing = PyUnicode_FromString(""), *first, *sequences;
    int failed = !list || !nothing;
    for (int name = 0; name < 3 && !failed; name++) {
        PyObject *words = PyObject_GetAttrString(known, names[name]);
        failed = !words || !PyDict_Check(words);
        if (words && failed) PyErr_SetString(PyExc_TypeError, "what is known comes in dicts");
        if (!failed && name < 2) failed = add_words(list, words);
        for (Py_ssize_t at = 0; !failed && name == 2 && PyDict_Next(words, &at, &first, &sequences);) failed = add_sequences(list, sequences, nothing);
        Py_XDECREF(words);
    }
    Py_XDECREF(nothing);
    if (failed) Py_CLEAR(list);
    return list;
}

/* The letters and digits of a reading, folded; in `signs` is room for them. Their count, or -1 failed. */
static Py_ssize_t closed_of(const Record *record, Reading reading, Py_UCS4 *signs) {
    Py_ssize_t count = 0;
    for (Py_ssize_t at = 0; at < reading.count; at++) {
        Py_UCS4 sign = reading.signs[at];
        if (sign < 128) {
            if (Py_ISALNUM(sign)) signs[count++] = (Py_UCS4)Py_TOLOWER(sign);
            continue;
        }
        if (sign == REPLACEMENT) continue;
        PyObject *one = PyUnicode_FromOrdinal((int)sign), *said = one ? PyObject_CallOneArg(record->closed, one) : NULL;
        Py_XDECREF(one);
        if (!said || !PyUnicode_Check(said) || PyUnicode_GET_LENGTH(said) > WIDEST) {
            if (said) PyErr_SetString(PyExc_ValueError, "a character that is folded to too many");
            Py_XDECREF(said);
            return -1;
        }
        for (Py_ssize_t part = 0; part < PyUnicode_GET_LENGTH(said); part++) signs[count++] = PyUnicode_READ_CHAR(said, part);
        Py_DECREF(said);
    }
    return count;
}

/* 1 where an identifier can be read in a reading; -1 failed. */
static int names(Record *record, Reading reading, Py_UCS4 *room) {
    if (!record->spellings && !(record->spellings = spellings_of(record->of))) return -1;
    Py_ssize_t count = closed_of(record, reading, room);
    PyObject *closed = NULL;
    int held = count < 0 ? -1 : 0;
    for (Py_ssize_t at = 0; !held && count > 0 && at < PyList_GET_SIZE(record->spellings); at++) {
        PyObject *spelling = PyList_GET_ITEM(record->spellings, at);
        if (PyUnicode_GET_LENGTH(spelling) > count) continue;
        if (!closed && !(closed = PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, room, count))) held = -1;
        else held = PyUnicode_Contains(closed, spelling);
    }
    Py_XDECREF(closed);
    return held;
}

/* 1 where a row goes: no word, and it says something from its start, if it is no short one, or later, if it is longer; or it
   names somebody. -1 failed. */
static int row_goes(const Text *text, Py_ssize_t start, Py_ssize_t end, Record *record) {
    size_t size = (size_t)(end - start);
    int word = is_word(text, start, end), goes = 0;
    Py_UCS4 *room = PyMem_Malloc(size * ((WIDEST + 1) * sizeof *room + 1));
    if (!room) { PyErr_NoMemory(); return -1; }
    Reading reading = {room + size * WIDEST, 0};
    char *octets = (char *)(reading.signs + size);
    for (Py_ssize_t place = 0; place < READINGS && !goes; place++) {
        if (read_octets(octets, decoded(text, start + place, end, octets), &reading)) goes = -1;
        else if (!word && end - start >= (place ? 3 : 2) * SHORTEST && reads(reading)) goes = 1;
        else goes = names(record, reading, room);
    }
    PyMem_Free(room);
    return goes;
}

/* Looks at the row around a clue: where it starts and where it ends with its padding is kept where it goes. Its end, or -1 failed. */
static Py_ssize_t add_row(const Text *text, Py_ssize_t at, Record *record, PyObject *rows, int *any) {
    Py_ssize_t start = at, end = at;
    while (start && text->bits[start - 1] & FOURTH) start--;
    while (text->bits[end] & FOURTH) end++;
    if (end - start < SHORTEST_RUN) return at + 1;
    Py_ssize_t padded = end;
    while (padded < text->size && padded < end + 2 && PyUnicode_READ_CHAR(text->object, padded) == '=') padded++;
    *any = 1;
    int goes = row_goes(text, start, end, record);
    PyObject *row = goes > 0 ? Py_BuildValue("(nn)", start, padded) : NULL;
    int failed = goes && (!row || PyList_Append(rows, row));
    Py_XDECREF(row);
    return failed ? -1 : padded;
}

static int add_rows(const Text *text, Record *record, PyObject *rows, int *any) {
    for (Py_ssize_t at = 0; at < text->size;) {
        if (!(text->clues[at] & ROW)) at++;
        else if ((at = add_row(text, at, record, rows, any)) < 0) return -1;
    }
    return 0;
}

static int add_digits(const Text *text, PyObject *places) {
    for (Py_ssize_t at = 0; at < text->size; at++) {
        if (!(text->clues[at] & DIGITS)) continue;
        PyObject *place = PyLong_FromSsize_t(at);
        int failed = !place || PyList_Append(places, place);
        Py_XDECREF(place);
        if (failed) return -1;
    }
    return 0;
}

/* Whether there are rows of base64, those that go, and where hexadecimal digits begin; None where nothing can be hidden. */
static PyObject *clues(PyObject *Py_UNUSED(module), PyObject *arguments) {
    PyObject *object, *result = NULL;
    Record record = {0};
    const unsigned char *bits_of;
    Py_ssize_t signs;
    if (!PyArg_ParseTuple(arguments, "Uy#OO", &object, &bits_of, &signs, &record.of, &record.closed)) return NULL;
    if (signs < 128) { PyErr_SetString(PyExc_ValueError, "bits for each character of ASCII"); return NULL; }
    Text text;
    if (begun(&text, object, bits_of)) return NULL;
    if (!may_hide(&text)) {
        result = Py_NewRef(Py_None);
    } else {
        PyObject *rows = PyList_New(0), *places = PyList_New(0);
        int any = 0;
        if (rows && places && !add_rows(&text, &record, rows, &any) && !add_digits(&text, places))
            result = Py_BuildValue("(OOO)", any ? Py_True : Py_False, rows, places);
        Py_XDECREF(rows);
        Py_XDECREF(places);
    }
    Py_XDECREF(record.spellings);
    PyMem_Free(text.bits);
    return result;
}

static PyMethodDef functions[] = {{"clues", clues, METH_VARARGS, "Rows of base64 that go, and beginnings of hexadecimal digits."}, {NULL}};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "_encodings", "Clues of other encodings in C.", 0, functions, NULL};
PyMODINIT_FUNC PyInit__encodings(void) { return PyModuleDef_Init(&definition); }
