/* Where a text may hold words in another encoding, and what its rows of base64 say.

   It mirrors encoding_clues.py and the decoding of encodings.py, and must give the same answers (tests/properties). Texts with
   escapes that a backslash, an ampersand or 0x begins never come here: they are rare, and Python reads them alone. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <string.h>

enum { FOURTH = 8 }; /* one of the bits of encoding_clues.py: any character of base64 */
enum { ROW = 1, DIGITS = 2, OTHER = 4 }; /* what begins at a character */
enum { LOOKED_AT = 12, SHORTEST_RUN = 6, READINGS = 4 };
/* LOOKED_AT: characters that a clue takes at most, and the padding behind a text, so that none reads beyond it. */

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

/* What a row says, read from each of its first four characters. */
static PyObject *readings(const Text *text, Py_ssize_t start, Py_ssize_t end) {
    char *octets = PyMem_Malloc((size_t)(end - start));
    if (!octets) return PyErr_NoMemory();
    PyObject *all = PyTuple_New(READINGS);
    for (Py_ssize_t place = 0; all && place < READINGS; place++) {
        PyObject *one = PyUnicode_DecodeUTF8(octets, decoded(text, start + place, end, octets), "replace");
        if (one) PyTuple_SET_ITEM(all, place, one);
        else Py_CLEAR(all);
    }
    PyMem_Free(octets);
    return all;
}

/* Adds the row around a clue: where it starts, where it ends with its padding, and its readings. Its end, or -1 failed. */
static Py_ssize_t add_row(const Text *text, Py_ssize_t at, PyObject *rows) {
    Py_ssize_t start = at, end = at;
    while (start && text->bits[start - 1] & FOURTH) start--;
    while (text->bits[end] & FOURTH) end++;
    if (end - start < SHORTEST_RUN) return at + 1;
    Py_ssize_t padded = end;
    while (padded < text->size && padded < end + 2 && PyUnicode_READ_CHAR(text->object, padded) == '=') padded++;
    PyObject *said = readings(text, start, end), *row = said ? Py_BuildValue("(nnN)", start, padded, said) : NULL;
    int failed = !row || PyList_Append(rows, row);
    Py_XDECREF(row);
    return failed ? -1 : padded;
}

static int add_rows(const Text *text, PyObject *rows) {
    for (Py_ssize_t at = 0; at < text->size;) {
        if (!(text->clues[at] & ROW)) at++;
        else if ((at = add_row(text, at, rows)) < 0) return -1;
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

/* The rows of base64 with their readings, and where hexadecimal digits begin; None where nothing can be hidden. */
static PyObject *clues(PyObject *Py_UNUSED(module), PyObject *arguments) {
    PyObject *object, *result = NULL;
    const unsigned char *bits_of;
    Py_ssize_t signs;
    if (!PyArg_ParseTuple(arguments, "Uy#", &object, &bits_of, &signs)) return NULL;
    if (signs < 128) { PyErr_SetString(PyExc_ValueError, "bits for each character of ASCII"); return NULL; }
    Text text;
    if (begun(&text, object, bits_of)) return NULL;
    if (!may_hide(&text)) {
        result = Py_NewRef(Py_None);
    } else {
        PyObject *rows = PyList_New(0), *places = PyList_New(0);
        if (rows && places && !add_rows(&text, rows) && !add_digits(&text, places)) result = PyTuple_Pack(2, rows, places);
        Py_XDECREF(rows);
        Py_XDECREF(places);
    }
    PyMem_Free(text.bits);
    return result;
}

static PyMethodDef functions[] = {{"clues", clues, METH_VARARGS, "Rows of base64 and beginnings of hexadecimal digits."}, {NULL}};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "_encodings", "Clues of other encodings in C.", 0, functions, NULL};
PyMODINIT_FUNC PyInit__encodings(void) { return PyModuleDef_Init(&definition); }
