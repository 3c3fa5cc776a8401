/* The second look in C: which shapes may still be in a result, and whether it says what its record says.

   It shares no line with the search. A text is run through one automaton of all clues, wherever they stand, and is taken apart
   anew for the record. It mirrors suspicion.py and verification.py, and must give the same answers (tests/properties). */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <string.h>

enum { MARK, LEAD, WORD, CASED };
enum { ANYTHING, BEGINS_WORD, BEGINS_CAPITAL, HAS_DIGIT };
enum { REACH = 60, PLACEHOLDER = 8, KEPT = 0x3000 };

typedef struct { const char *text; Py_ssize_t size, first; int sort, place; } Clue; /* `first`: size of its first word */
typedef struct { int follows, least, has_words, has_clues, ends_run; Py_ssize_t fewest, most; } Shape;

typedef struct {
    PyObject_HEAD
    PyObject *keep, *folded, *folds[KEPT];
    const uint16_t *next, *ends; /* by state and class; where the clues of a state begin in `clues` */
    const uint16_t *clues;
    const unsigned char *classes;
    int width, shapes, states;
    Shape *shape;
    Clue *clue;
} Check;

typedef struct { int kind; const void *data; Py_ssize_t size; const char *line; } Text;
#define READ(text, at) PyUnicode_READ((text)->kind, (text)->data, (at))

/* ---- clues of shapes ---- */

static int is_number(Py_UCS4 sign) { return sign < 128 ? sign >= '0' && sign <= '9' : Py_UNICODE_ISDECIMAL(sign) != 0; }
static int is_alnum(Py_UCS4 sign) { return sign < 128 ? Py_ISALNUM(sign) : Py_UNICODE_ISALNUM(sign); }
static int small(char sign) { return sign >= 'a' && sign <= 'z'; }

static char flat(Py_UCS4 sign) {
    switch (sign) {
    case 0x130: case 0x131: return 'i';
    case 0x17f: return 's';
    case 0x212a: return 'k';
    }
    if (is_number(sign)) return '0';
    if (sign > 127 || Py_UNICODE_ISSPACE(sign)) return ' ';
    return (char)Py_TOLOWER(sign);
}

static int fits(const Text *text, int follows, Py_ssize_t at) {
    if (follows == ANYTHING) return 1;
    if (follows == HAS_DIGIT) {
        int cut = 0;
        for (Py_ssize_t end = at + REACH; at < end && at < text->size && cut < PLACEHOLDER; at++) {
            if (text->line[at] == '0') return 1;
            cut = READ(text, at) ? 0 : cut + 1;
        }
        return 0;
    }
    if (at < text->size && text->line[at] == '.') at++;
    while (at < text->size && Py_UNICODE_ISSPACE(READ(text, at))) at++;
    if (at >= text->size) return 0;
    Py_UCS4 sign = READ(text, at);
    return is_alnum(sign) && (follows == BEGINS_WORD || sign < 'a' || sign > 'z');
}

static int stands_alone(const Text *text, Py_ssize_t start, Py_ssize_t end) {
    return !(start && small(text->line[start - 1])) && !(end < text->size && small(text->line[end]));
}

static int in_word(Py_UCS4 sign) { return is_alnum(sign) || sign == '_'; }
static int in_name(Py_UCS4 sign) { return in_word(sign) || sign == '-' || sign == '\'' || sign == 0x2019; }

/* In this case, behind white space, behind a word with a capital in front. */
static int closes(const Text *text, const Clue *clue, Py_ssize_t start) {
    for (Py_ssize_t at = 0; at < clue->size; at++) if (READ(text, start + at) != (Py_UCS4)clue->text[at]) return 0;
    Py_ssize_t at = start;
    while (at && Py_UNICODE_ISSPACE(READ(text, at - 1))) at--;
    if (at == start || !at) return 0;
    if (at > 1 && (READ(text, at - 1) == '.' || READ(text, at - 1) == ',')) at--;
    for (; at && in_name(READ(text, at - 1)); at--) {
        Py_UCS4 first = READ(text, at - 1);
        if (is_alnum(first) && !is_number(first) && (first < 'a' || first > 'z') && (at == 1 || !in_word(READ(text, at - 2)))) return 1;
    }
    return 0;
}

/* Digits with which a clue begins: behind them stands what has to follow. */
static Py_ssize_t digits(const Clue *clue) {
    Py_ssize_t count = 0;
    while (count < clue->size && clue->text[count] == '0') count++;
    return count;
}

/* The run of digits that ends with the first of a mark is as long as one with which a match begins. */
static int begins(const Text *text, const Shape *shape, const Clue *clue, Py_ssize_t start) {
    Py_ssize_t end = start + digits(clue);
    if (!shape->ends_run) return 1;
    while (start && end - start <= shape->most && text->line[start - 1] == '0') start--;
    return end - start >= shape->fewest && end - start <= shape->most;
}

static void noted(const Check *self, const Text *text, const Clue *clue, Py_ssize_t end, int *seen, char *spoken) {
    const Shape *shape = &self->shape[clue->place];
    Py_ssize_t start = end - clue->size;
    if (clue->sort == WORD) spoken[clue->place] |= stands_alone(text, start, end);
    else if (clue->sort == LEAD) seen[clue->place] += stands_alone(text, start, start + clue->first) && fits(text, shape->follows, end);
    else if (clue->sort == CASED) seen[clue->place] += closes(text, clue, start);
    else seen[clue->place] += begins(text, shape, clue, start) && (!digits(clue) || fits(text, shape->follows, start + digits(clue)));
}

static PyObject *suspects(Check *self, PyObject *object) {
    if (!PyUnicode_Check(object)) { PyErr_SetString(PyExc_TypeError, "text must be str"); return NULL; }
    if (!self->keep) { PyErr_SetString(PyExc_ValueError, "nothing to look for"); return NULL; }
    Text text = {PyUnicode_KIND(object), PyUnicode_DATA(object), PyUnicode_GET_LENGTH(object), NULL};
    char *line = PyMem_Malloc((size_t)text.size + 1), *spoken = PyMem_Calloc((size_t)self->shapes, sizeof(int) + 1);
    if (!line || !spoken) { PyMem_Free(line); PyMem_Free(spoken); return PyErr_NoMemory(); }
    int *seen = (int *)(void *)spoken;
    spoken += (size_t)self->shapes * sizeof(int);
    for (Py_ssize_t at = 0; at < text.size; at++) line[at] = flat(READ(&text, at));
    text.line = line;
    unsigned state = 0;
    for (Py_ssize_t at = 0; at < text.size; at++) {
        state = self->next[state * (unsigned)self->width + self->classes[(int)line[at]]];
        for (int clue = self->ends[state]; clue < self->ends[state + 1]; clue++)
            noted(self, &text, &self->clue[self->clues[clue]], at + 1, seen, spoken);
    }
    PyObject *list = PyList_New(0);
    for (int place = 0; list && place < self->shapes; place++) {
        const Shape *shape = &self->shape[place];
        if ((shape->has_clues && seen[place] < shape->least) || (shape->has_words && !spoken[place])) continue;
        PyObject *number = PyLong_FromLong(place);
        if (!number || PyList_Append(list, number)) Py_CLEAR(list);
        Py_XDECREF(number);
    }
    PyMem_Free(line);
    PyMem_Free(seen);
    return list;
}

static Py_ssize_t behind_spaces(const Text *text, Py_ssize_t at) {
    while (at < text->size && Py_UNICODE_ISSPACE(READ(text, at))) at++;
    return at;
}

static int is_one_of(const Text *text, Py_ssize_t at, const char *signs) {
    Py_UCS4 sign = at < text->size ? READ(text, at) : 0;
    return sign && sign < 128 && strchr(signs, (int)sign);
}

/* 90 to 99 or 100 to 129 in a run of digits. */
static int is_old(const Text *text, Py_ssize_t start, Py_ssize_t end) {
    if (is_one_of(text, start, "9")) return end - start == 2;
    return is_one_of(text, start, "1") && is_one_of(text, start + 1, "012") && end - start == 3;
}

/* An age over 89 before a letter for the sex: only a capital may stand apart. */
static int tells_sex(const Text *text, Py_ssize_t start, Py_ssize_t end) {
    if (!is_old(text, start, end)) return 0;
    Py_ssize_t next = end < text->size && Py_UNICODE_ISSPACE(READ(text, end)) ? end + 1 : end;
    int apart = next > end;
    if (is_one_of(text, next, "/")) next++;
    return is_one_of(text, next, apart ? "MF" : "MFmf");
}

/* Behind `is` or `was`, in any case, and white space; the same place where neither stands there. */
static Py_ssize_t behind_verb(const Text *text, Py_ssize_t at) {
    static const char *const verbs[] = {"is", "was"};
    for (size_t verb = 0; verb < 2; verb++) {
        Py_ssize_t size = (Py_ssize_t)strlen(verbs[verb]), same = 0;
        while (same < size && at + same < text->size && flat(READ(text, at + same)) == verbs[verb][same]) same++;
        if (same == size && at + same < text->size && Py_UNICODE_ISSPACE(READ(text, at + same))) return at + same + 1;
    }
    return at;
}

/* A number stands here that begins as an age over 89 does. */
static int begins_old(const Text *text, Py_ssize_t at) {
    if (at + 1 >= text->size || !is_number(READ(text, at + 1))) return 0;
    return is_one_of(text, at, "9") || (is_one_of(text, at, "1") && is_one_of(text, at + 1, "012"));
}

/* Whether a bare age over 89 may be left: such a number, or one behind a placeholder. */
static PyObject *may_tell_age(PyObject *Py_UNUSED(self), PyObject *object) {
    if (!PyUnicode_Check(object)) { PyErr_SetString(PyExc_TypeError, "text must be str"); return NULL; }
    Text text = {PyUnicode_KIND(object), PyUnicode_DATA(object), PyUnicode_GET_LENGTH(object), NULL};
    for (Py_ssize_t at = 0, end; at < text.size; at = end) {
        Py_UCS4 sign = READ(&text, at);
        end = at + 1;
        if (sign == ']') {
            Py_ssize_t next = behind_verb(&text, behind_spaces(&text, is_one_of(&text, end, ",") ? end + 1 : end));
            if (begins_old(&text, is_one_of(&text, next, "(") ? next + 1 : next)) Py_RETURN_TRUE;
        } else if (is_number(sign)) {
            while (end < text.size && is_number(READ(&text, end))) end++;
            if (tells_sex(&text, at, end)) Py_RETURN_TRUE;
        }
    }
    Py_RETURN_FALSE;
}

/* A text as plain.sketched has it. */
static PyObject *flattened(PyObject *Py_UNUSED(self), PyObject *text) {
    if (!PyUnicode_Check(text)) { PyErr_SetString(PyExc_TypeError, "text must be str"); return NULL; }
    PyObject *result = PyUnicode_New(PyUnicode_GET_LENGTH(text), 127);
    for (Py_ssize_t at = 0; result && at < PyUnicode_GET_LENGTH(text); at++)
        PyUnicode_1BYTE_DATA(result)[at] = (Py_UCS1)flat(PyUnicode_READ_CHAR(text, at));
    return result;
}

/* ---- what the record says ---- */

typedef struct { char *text; Py_ssize_t size; } Line;

static void put(Line *line, Py_UCS4 sign) {
    char *to = line->text + line->size;
    if (sign < 0x80) { *to = (char)sign; line->size++; }
    else if (sign < 0x800) { to[0] = (char)(0xc0 | sign >> 6); to[1] = (char)(0x80 | (sign & 63)); line->size += 2; }
    else if (sign < 0x10000) {
        to[0] = (char)(0xe0 | sign >> 12); to[1] = (char)(0x80 | (sign >> 6 & 63)); to[2] = (char)(0x80 | (sign & 63)); line->size += 3;
    } else {
        to[0] = (char)(0xf0 | sign >> 18); to[1] = (char)(0x80 | (sign >> 12 & 63)); to[2] = (char)(0x80 | (sign >> 6 & 63));
        to[3] = (char)(0x80 | (sign & 63)); line->size += 4;
    }
}

enum { NOTHING, LETTER, FIGURE, CUT, UNDERLINE, GAP };

static int sort_of(Py_UCS4 sign) {
    if (!sign) return CUT;
    if (is_number(sign)) return FIGURE;
    if (is_alnum(sign)) return LETTER;
    return sign == '_' ? UNDERLINE : GAP;
}

/* One more folded character: on the line of words, which keeps letters and digits apart, and on that without any gap. */
static void spell(Line *parted, Line *closed, Py_UCS4 sign, int *before) {
    int sort = sort_of(sign);
    if (sort == GAP || sort == UNDERLINE) {
        if (*before != sort) put(parted, ' ');
    } else {
        if ((sort == LETTER && *before == FIGURE) || (sort == FIGURE && *before == LETTER)) put(parted, ' ');
        put(parted, sign);
        put(closed, sign);
    }
    *before = sort;
}

static PyObject *fold_of(Check *self, Py_UCS4 sign) {
    if (sign < KEPT && self->folds[sign]) return Py_NewRef(self->folds[sign]);
    PyObject *letter = PyUnicode_FromOrdinal((int)sign), *fold = letter ? PyObject_CallOneArg(self->folded, letter) : NULL;
    Py_XDECREF(letter);
    if (fold && sign < KEPT) self->folds[sign] = Py_NewRef(fold);
    return fold;
}

enum { WIDEST = 18 }; /* characters that one is folded to at most, in Unicode */

static int read_all(Check *self, PyObject *text, Line *parted, Line *closed) {
    Py_ssize_t size = PyUnicode_GET_LENGTH(text), room = (PyUnicode_IS_ASCII(text) ? 2 * size : size * WIDEST * 5) + 3;
    parted->text = PyMem_Malloc((size_t)room * 2);
    if (!parted->text) { PyErr_NoMemory(); return -1; }
    closed->text = parted->text + room;
    int kind = PyUnicode_KIND(text), before = NOTHING;
    const void *data = PyUnicode_DATA(text);
    put(parted, ' ');
    for (Py_ssize_t at = 0; at < size; at++) {
        Py_UCS4 sign = PyUnicode_READ(kind, data, at);
        if (sign < 128) { spell(parted, closed, (Py_UCS4)Py_TOLOWER(sign), &before); continue; }
        PyObject *fold = fold_of(self, sign);
        if (!fold || PyUnicode_GET_LENGTH(fold) > WIDEST) {
            if (fold) PyErr_SetString(PyExc_ValueError, "a character that is folded to too many");
            Py_XDECREF(fold);
            return -1;
        }
        for (Py_ssize_t part = 0; part < PyUnicode_GET_LENGTH(fold); part++) spell(parted, closed, PyUnicode_READ_CHAR(fold, part), &before);
        Py_DECREF(fold);
    }
    put(parted, ' ');
    return 0;
}

/* Letters of English by how rare they are, of 'a' to 'z'; what is no letter is no rarer than the most frequent. */
static const unsigned char RARITY[26] = {3, 21, 12, 11, 1, 16, 17, 9, 5, 24, 23, 10, 14, 6, 4, 19, 26, 8, 7, 2, 13, 22, 15, 25, 18, 27};

/* The place of the rarest letter: most lines hold few of it. Of digits alone it is the second, for the first is often a space. */
static Py_ssize_t rarest(const char *text, Py_ssize_t size) {
    Py_ssize_t place = size > 1;
    int most = 0;
    for (Py_ssize_t at = 0; at < size; at++) {
        int rarity = small(text[at]) ? RARITY[text[at] - 'a'] : 0;
        if (rarity > most) { most = rarity; place = at; }
    }
    return place;
}

/* 1 where the line holds the text. */
static int holds(const Line *line, const char *text, Py_ssize_t size) {
    if (!size) return 1;
    if (size > line->size) return 0;
    Py_ssize_t place = rarest(text, size);
    const char *at = line->text + place, *last = line->text + line->size - size + place;
    while (at <= last && (at = memchr(at, text[place], (size_t)(last - at + 1)))) {
        if (!memcmp(at - place, text, (size_t)size)) return 1;
        at++;
    }
    return 0;
}

enum { ROOM = 512 };

/* 1 where the words stand on the line with one space before, between and behind them. */
static int holds_words(const Line *line, PyObject *const *words, Py_ssize_t count) {
    char room[ROOM], *text = room;
    Py_ssize_t size = 1, most = 1;
    for (Py_ssize_t word = 0; word < count; word++) {
        Py_ssize_t length;
        if (!PyUnicode_AsUTF8AndSize(words[word], &length)) return -1;
        most += length + 1;
    }
    if (most > ROOM && !(text = PyMem_Malloc((size_t)most))) { PyErr_NoMemory(); return -1; }
    text[0] = ' ';
    for (Py_ssize_t word = 0; word < count; word++) {
        Py_ssize_t length;
        const char *part = PyUnicode_AsUTF8AndSize(words[word], &length);
        memcpy(text + size, part, (size_t)length);
        size += length;
        text[size++] = ' ';
    }
    int held = holds(line, text, size);
    if (text != room) PyMem_Free(text);
    return held;
}

static int holds_phrase(const Line *line, PyObject *sequences) {
    PyObject *list = PySequence_Fast(sequences, "sequences");
    int held = list ? 0 : -1;
    for (Py_ssize_t at = 0; !held && at < PySequence_Fast_GET_SIZE(list); at++) {
        PyObject *pair = PySequence_Fast_GET_ITEM(list, at), *sequence = PyTuple_Check(pair) ? PyTuple_GetItem(pair, 0) : NULL;
        if (!sequence || !PyTuple_Check(sequence)) { PyErr_SetString(PyExc_TypeError, "a sequence of words and its subject"); held = -1; }
        else held = holds_words(line, PySequence_Fast_ITEMS(sequence), PyTuple_GET_SIZE(sequence));
    }
    Py_XDECREF(list);
    return held;
}

static int holds_one(const Line *parted, const Line *closed, PyObject *of[3]) {
    PyObject *key, *value;
    int held = 0;
    for (Py_ssize_t at = 0; !held && PyDict_Next(of[0], &at, &key, &value);) held = holds_words(parted, &key, 1);
    for (Py_ssize_t at = 0; !held && PyDict_Next(of[1], &at, &key, &value);) held = holds_phrase(parted, value);
    for (Py_ssize_t at = 0; !held && PyDict_Next(of[2], &at, &key, &value);) {
        Py_ssize_t size;
        const char *text = PyUnicode_AsUTF8AndSize(key, &size);
        held = text ? holds(closed, text, size) : -1;
    }
    return held;
}

static int holds_known(const Line *parted, const Line *closed, PyObject *known) {
    static const char *const names[] = {"single", "longer", "numbers"};
    PyObject *of[3] = {0};
    int held = 0;
    for (int name = 0; name < 3 && !held; name++) {
        of[name] = PyObject_GetAttrString(known, names[name]);
        if (!of[name] || !PyDict_Check(of[name])) held = -1;
        if (of[name] && held) PyErr_SetString(PyExc_TypeError, "what is known comes in dicts");
    }
    if (!held) held = holds_one(parted, closed, of);
    for (int name = 0; name < 3; name++) Py_XDECREF(of[name]);
    return held;
}

static PyObject *reads(Check *self, PyObject *arguments) {
    PyObject *text, *known;
    if (!PyArg_ParseTuple(arguments, "UO", &text, &known)) return NULL;
    Line parted = {0}, closed = {0};
    int held = read_all(self, text, &parted, &closed);
    if (!held) held = holds_known(&parted, &closed, known);
    PyMem_Free(parted.text);
    return held < 0 ? NULL : PyBool_FromLong(held);
}

/* ---- the type ---- */

static int clued(Check *self, Py_ssize_t at, PyObject *given) {
    Clue *clue = &self->clue[at];
    PyObject *text;
    if (!PyArg_ParseTuple(given, "Uini", &text, &clue->sort, &clue->first, &clue->place)) return -1;
    if (clue->place < 0 || clue->place >= self->shapes) { PyErr_SetString(PyExc_ValueError, "a clue of no shape"); return -1; }
    clue->text = PyUnicode_AsUTF8AndSize(text, &clue->size);
    return clue->text ? 0 : -1;
}

static int fitting(const Check *self, const Py_ssize_t sizes[4], Py_ssize_t clues) {
    if (sizes[0] != 128 || self->width < 1 || sizes[1] % (2 * self->width) || sizes[2] / 2 != self->states + 1 || self->ends[self->states] != sizes[3] / 2) return 0;
    for (Py_ssize_t at = 0; at < 128; at++) if (self->classes[at] >= self->width) return 0;
    for (Py_ssize_t at = 0; at < sizes[1] / 2; at++) if (self->next[at] >= self->states) return 0;
    for (Py_ssize_t at = 0; at < sizes[3] / 2; at++) if (self->clues[at] >= clues) return 0;
    for (Py_ssize_t at = 0; at < self->states; at++) if (self->ends[at] > self->ends[at + 1]) return 0;
    return 1;
}

static int start(Check *self, PyObject *arguments, PyObject *named) {
    PyObject *folded, *shapes, *clues, *bytes[4];
    if (named && PyDict_GET_SIZE(named)) { PyErr_SetString(PyExc_TypeError, "no keywords"); return -1; }
    if (self->keep) { PyErr_SetString(PyExc_TypeError, "made once"); return -1; }
    if (!PyArg_ParseTuple(arguments, "OO!O!i(SSSS)", &folded, &PyTuple_Type, &shapes, &PyTuple_Type, &clues, &self->width,
                          &bytes[0], &bytes[1], &bytes[2], &bytes[3])) return -1;
    Py_ssize_t sizes[4], count = PyTuple_GET_SIZE(clues);
    for (int at = 0; at < 4; at++) sizes[at] = PyBytes_GET_SIZE(bytes[at]);
    self->classes = (const unsigned char *)PyBytes_AS_STRING(bytes[0]);
    self->next = (const uint16_t *)(const void *)PyBytes_AS_STRING(bytes[1]);
    self->ends = (const uint16_t *)(const void *)PyBytes_AS_STRING(bytes[2]);
    self->clues = (const uint16_t *)(const void *)PyBytes_AS_STRING(bytes[3]);
    self->states = (int)(sizes[2] / 2 - 1);
    if (!fitting(self, sizes, count)) { PyErr_SetString(PyExc_ValueError, "not an automaton"); return -1; }
    self->shapes = (int)PyTuple_GET_SIZE(shapes);
    self->shape = PyMem_Calloc((size_t)self->shapes + 1, sizeof *self->shape);
    self->clue = PyMem_Calloc((size_t)count + 1, sizeof *self->clue);
    if (!self->shape || !self->clue) { PyErr_NoMemory(); return -1; }
    for (int at = 0; at < self->shapes; at++) {
        Shape *shape = &self->shape[at];
        if (!PyArg_ParseTuple(PyTuple_GET_ITEM(shapes, at), "iipppnn", &shape->follows, &shape->least, &shape->has_words, &shape->has_clues, &shape->ends_run,
                              &shape->fewest, &shape->most)) return -1;
    }
    for (Py_ssize_t at = 0; at < count; at++) if (clued(self, at, PyTuple_GET_ITEM(clues, at))) return -1;
    self->folded = folded;
    self->keep = Py_NewRef(arguments);
    return 0;
}

static void stop(Check *self) {
    PyTypeObject *type = Py_TYPE(self);
    for (int at = 0; at < KEPT; at++) Py_XDECREF(self->folds[at]);
    PyMem_Free(self->shape);
    PyMem_Free(self->clue);
    Py_XDECREF(self->keep);
    type->tp_free((PyObject *)self);
    Py_DECREF(type);
}

static PyMethodDef methods[] = {
    {"suspects", (PyCFunction)suspects, METH_O, "The places of the shapes that may be in a text."},
    {"may_tell_age", may_tell_age, METH_O, "Whether a bare age over 89 may be left in a result."},
    {"flattened", flattened, METH_O, "A text as the clues are looked for in it."},
    {"reads", (PyCFunction)reads, METH_VARARGS, "Whether a normalised text says what its record says."},
    {NULL},
};
static PyType_Slot slots[] = {{Py_tp_init, start}, {Py_tp_new, PyType_GenericNew}, {Py_tp_dealloc, stop}, {Py_tp_methods, methods}, {0}};
static PyType_Spec spec = {"_check.Check", sizeof(Check), 0, Py_TPFLAGS_DEFAULT, slots};

static int execute(PyObject *module) {
    PyObject *type = PyType_FromSpec(&spec);
    int failed = !type || PyModule_AddObjectRef(module, "Check", type);
    Py_XDECREF(type);
    return failed ? -1 : 0;
}

static PyModuleDef_Slot module_slots[] = {{Py_mod_exec, execute}, {0}};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "_check", "The second look in C.", 0, NULL, module_slots};
PyMODINIT_FUNC PyInit__check(void) { return PyModuleDef_Init(&definition); }
