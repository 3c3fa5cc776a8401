/* The search in C: what a narrative's record names, what has a shape, what the tagger found, in one list of spans.

   It decides where a pattern is tried, never what a pattern means: that is asked of Python's own patterns. It mirrors spans.py,
   candidates.py, tagging.py, tied.py and old_ages.py, and must give the same spans (tests/properties/test_compiled.py). */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { LEAD, DIGIT, DIALLED, CODE, CAPITAL, NEAR, ANYWHERE };
enum { ANYTHING, WORD, CAPITALISED, NUMBER };
enum { FOLDED, TAGGED, SUBJECT, CASELESS, FIXED };
enum { RECORD = 1, SHAPES = 2, TAGGER = 4, PROPAGATION = 8, TIES = 16, AGES = 32 }; /* as layers.py has them */
static const int layer_of[] = {SHAPES, TAGGER, RECORD, TIES, AGES}; /* by the style of a label */
enum { OPENINGS = 4, SLOTS = 4096, LONGEST_TRIGGER = 31, CHAIN = 4, PREFIX = 6, REACH = 60, TIED = 30, AROUND = 50, FEWEST = 4, SHORTEST = 4, KEPT = 0x3000, SETTLED = 0x300 };

/* ---- what is looked for ---- */

typedef struct { const char *text; Py_ssize_t size; } Literal;
typedef struct { Py_ssize_t least, most; Literal after; } Opening;
typedef struct {
    PyObject *match, *finditer, *kind;
    int group, start, follows, openings, marks, closes, ends_run;
    long least, reach;
    uint64_t words;
    uint32_t close_letters; /* a bit for each capital with which one begins */
    Opening opening[OPENINGS];
    Literal *mark, *close, before;
} Shape;
typedef struct { int place, next; Literal text; } Lead; /* or a mark that a match lies near */
typedef struct { Literal word; int lead; uint64_t bit; } Trigger;

typedef struct {
    PyObject_HEAD
    PyObject *keep; /* all that is pointed into */
    PyObject *folded, *spelled, *is_number, *clock, *weekday, *behind, *with_sex, *span_type;
    PyObject *kinds, *abbreviations, *ordinary, *name, *date, *time, *age, *age_label;
    PyObject *folds[KEPT];
    int dates, shapes, leads;
    const char *settled; /* by character below the first combining mark */
    Shape *shape;
    Lead *lead;
    Trigger slot[SLOTS];
    int near_by[128];
    char sketches[128]; /* by character of ASCII */
} Search;

/* ---- what is made of one text ---- */

typedef struct { int kind; const void *data; Py_ssize_t size; PyObject *object; int ascii; } Text;
#define READ(text, at) PyUnicode_READ((text)->kind, (text)->data, (at))
typedef struct { Py_ssize_t start, end, at, size; uint32_t hash; } Word; /* `at`, `size`: its folded form */
typedef struct { Py_ssize_t start, end; } Range;
typedef struct { int place; Py_ssize_t at; } Place;
typedef struct { Py_ssize_t start, end, from, to; int order, style, layers; PyObject *kind, *label; } Found; /* label of text[from:to] */

#define LIST(type, name) struct { type *item; Py_ssize_t count, room; } name
typedef struct {
    Text text;
    char *sketch; /* as plain.sketched; one character more, which is none */
    uint64_t words;
    LIST(Range, runs); LIST(Place, hits); LIST(Place, near); LIST(Place, places); LIST(Py_ssize_t, capitals); LIST(Py_ssize_t, days);
    LIST(Py_UCS4, folds); LIST(Word, all); LIST(Word, said); LIST(Found, found);
} Work;

static int grown(void *list, size_t size) {
    LIST(char, *any) = list;
    if (any->count < any->room) return 0;
    Py_ssize_t room = any->room ? any->room * 2 : 64;
    void *item = PyMem_Realloc(any->item, (size_t)room * size);
    if (!item) { PyErr_NoMemory(); return -1; }
    any->item = item;
    any->room = room;
    return 0;
}
#define ADD(list, ...) (grown(&(list), sizeof *(list).item) ? -1 : ((list).item[(list).count++] = __VA_ARGS__, 0))

static void dropped(Work *work) {
    for (Py_ssize_t at = 0; at < work->found.count; at++) Py_XDECREF(work->found.item[at].label);
    void *blocks[] = {work->sketch, work->runs.item, work->hits.item, work->near.item, work->places.item, work->capitals.item,
                      work->days.item, work->folds.item, work->all.item, work->said.item, work->found.item};
    for (size_t at = 0; at < sizeof blocks / sizeof *blocks; at++) PyMem_Free(blocks[at]);
}

/* ---- characters, as Python's patterns see them ---- */

static int is_digit(Py_UCS4 sign) { return sign < 128 ? sign >= '0' && sign <= '9' : Py_UNICODE_ISDECIMAL(sign); }
static int is_small(Py_UCS4 sign) { return sign >= 'a' && sign <= 'z'; }
static int is_letter(Py_UCS4 sign) {
    return sign < 128 ? is_small(sign | 32) : Py_UNICODE_ISALNUM(sign) && !Py_UNICODE_ISDECIMAL(sign);
}
static int is_capital(Py_UCS4 sign) { return is_letter(sign) && !is_small(sign); }
static int is_word(Py_UCS4 sign) { return sign == '_' || is_letter(sign) || is_digit(sign); }

static char sketched(Py_UCS4 sign) {
    if (sign < 128) return sign >= '0' && sign <= '9' ? '0' : Py_UNICODE_ISSPACE(sign) ? ' ' : (char)Py_TOLOWER(sign);
    if (sign == 0x130 || sign == 0x131) return 'i';
    if (sign == 0x17f) return 's';
    if (sign == 0x212a) return 'k';
    return Py_UNICODE_ISDECIMAL(sign) ? '0' : ' ';
}
static int holds(Literal set, char sign) { return memchr(set.text, sign, (size_t)set.size) != NULL; }

static int stands_at(const Work *work, Py_ssize_t at, Literal text) {
    return at + text.size <= work->text.size && !memcmp(work->sketch + at, text.text, (size_t)text.size);
}

/* One whose second character is another is not compared: many marks begin with a full stop. */
static int near_at(const Work *work, Py_ssize_t at, Literal mark) {
    return (mark.size < 2 || mark.text[1] == work->sketch[at + 1]) && stands_at(work, at, mark);
}

/* Fowler, Noll and Vo's hash, character by character; slots are taken from its mixed bits. */
enum { HASH = 2166136261u };
static uint32_t hashed(uint32_t hash, Py_UCS4 sign) { return (hash ^ sign) * 16777619u; }

static Trigger *trigger_at(Search *self, uint32_t hash, const char *word, Py_ssize_t size) {
    uint32_t at = (hash ^ hash >> 15) % SLOTS;
    while (self->slot[at].word.text && (self->slot[at].word.size != size || memcmp(self->slot[at].word.text, word, (size_t)size)))
        at = (at + 1) % SLOTS;
    return &self->slot[at];
}

static Trigger *trigger_of(Search *self, const char *word, Py_ssize_t size) {
    uint32_t hash = HASH;
    for (Py_ssize_t at = 0; at < size; at++) hash = hashed(hash, (unsigned char)word[at]);
    return trigger_at(self, hash, word, size);
}

/* ---- one pass over the text: sketch, runs of digits, words and marks that matter ---- */

/* In ASCII, the sketch, and each character folded; else the sketch alone. */
static int sketch_of(const Search *self, Work *work) {
    const Text *text = &work->text;
    Py_ssize_t size = text->size;
    if (!(work->sketch = PyMem_Malloc((size_t)size + 1))) { PyErr_NoMemory(); return -1; }
    work->sketch[size] = 1;
    if (!text->ascii) {
        for (Py_ssize_t at = 0; at < size; at++) work->sketch[at] = sketched(READ(text, at));
        return 0;
    }
    if (!(work->folds.item = PyMem_Malloc(((size_t)size + 1) * sizeof(Py_UCS4)))) { PyErr_NoMemory(); return -1; }
    work->folds.count = size;
    work->folds.room = size + 1;
    const unsigned char *signs = text->data;
    for (Py_ssize_t at = 0; at < size; at++) {
        work->sketch[at] = self->sketches[signs[at]];
        work->folds.item[at] = (Py_UCS4)Py_TOLOWER(signs[at]);
    }
    return 0;
}

static int add_marks(const Search *self, Work *work, Py_ssize_t at) {
    for (int mark = self->near_by[(int)work->sketch[at]]; mark >= 0; mark = self->lead[mark].next)
        if (near_at(work, at, self->lead[mark].text) && ADD(work->near, ((Place){self->lead[mark].place, at}))) return -1;
    return 0;
}

/* A word of the text as it was folded; in ASCII only, where folds stand as their letters do. */
static int add_word(Work *work, Py_ssize_t start, Py_ssize_t end, uint32_t *hash) {
    *hash = HASH;
    if (!work->text.ascii) return 0;
    for (Py_ssize_t at = start; at < end; at++) *hash = hashed(*hash, work->folds.item[at]);
    return ADD(work->all, ((Word){start, end, start, end - start, *hash}));
}

static int starts_weekday(const Work *work, Py_ssize_t at) {
    static const char *const days[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    for (size_t day = 0; day < 7; day++) if (stands_at(work, at, (Literal){days[day], 3})) return 1;
    return 0;
}

/* What a run of letters of the sketch is: a word that leads, perhaps with a capital, perhaps a day of the week. */
static int read_letters(Search *self, Work *work, Py_ssize_t from, Py_ssize_t end, int words) {
    uint32_t hash = HASH;
    if (strchr("mtwfs", work->sketch[from]) && starts_weekday(work, from) && ADD(work->days, from)) return -1;
    if (!words) return 0;
    Py_UCS4 first = READ(&work->text, from);
    if (first >= 'A' && first <= 'Z' && ADD(work->capitals, from)) return -1;
    if (add_word(work, from, end, &hash)) return -1;
    if (end - from > LONGEST_TRIGGER) return 0;
    Trigger *trigger = work->text.ascii ? trigger_at(self, hash, work->sketch + from, end - from) : trigger_of(self, work->sketch + from, end - from);
    if (!trigger->word.text) return 0;
    work->words |= trigger->bit;
    return trigger->lead >= 0 ? ADD(work->hits, ((Place){trigger->lead, from})) : 0;
}

static int read_through(Search *self, Work *work, int words) {
    if (sketch_of(self, work)) return -1;
    const char *sketch = work->sketch;
    for (Py_ssize_t at = 0, end; at < work->text.size; at = end) {
        uint32_t hash;
        end = at + 1;
        if (words && add_marks(self, work, at)) return -1;
        if (sketch[at] == '0') {
            while (sketch[end] == '0') end++;
            if (ADD(work->runs, ((Range){at, end})) || (words && add_word(work, at, end, &hash))) return -1;
        } else if (is_small((Py_UCS4)sketch[at])) {
            for (; is_small((Py_UCS4)sketch[end]); end++) if (words && add_marks(self, work, end)) return -1;
            if (read_letters(self, work, at, end, words)) return -1;
        }
    }
    return 0;
}

/* ---- where a shape may begin ---- */

static int follows(const Work *work, int what, Py_ssize_t at) {
    const Text *text = &work->text;
    if (what == ANYTHING) return 1;
    if (what == NUMBER) {
        Py_ssize_t end = at + REACH < text->size ? at + REACH : text->size;
        return at < end && memchr(work->sketch + at, '0', (size_t)(end - at)) != NULL;
    }
    if (work->sketch[at] == '.') at++;
    Py_ssize_t gap = at;
    while (at < text->size && Py_UNICODE_ISSPACE(READ(text, at))) at++;
    if (at == gap || at == text->size) return 0;
    return what == WORD ? is_letter(READ(text, at)) : is_capital(READ(text, at));
}

static int add_led(Search *self, Work *work) {
    for (Py_ssize_t hit = 0; hit < work->hits.count; hit++) {
        Py_ssize_t at = work->hits.item[hit].at;
        for (int next = work->hits.item[hit].place; next >= 0; next = self->lead[next].next) {
            const Lead *lead = &self->lead[next];
            const Shape *shape = &self->shape[lead->place];
            if ((shape->words && !(shape->words & work->words)) || !stands_at(work, at, lead->text)) continue;
            if (follows(work, shape->follows, at + lead->text.size) && ADD(work->places, ((Place){lead->place, at}))) return -1;
        }
    }
    return 0;
}

static int opens(const Work *work, const Shape *shape, Range run) {
    for (int at = 0; at < shape->openings; at++) {
        const Opening *opening = &shape->opening[at];
        if (run.end - run.start < opening->least || run.end - run.start > opening->most) continue;
        if (!opening->after.size || (run.end < work->text.size && holds(opening->after, work->sketch[run.end]))) return 1;
    }
    return 0;
}

/* One of the marks stands where the run ends: with as many zeros as it begins with. */
static int ends_run(const Work *work, const Shape *shape, Range run) {
    for (int mark = 0; mark < shape->marks; mark++) {
        Py_ssize_t zeros = 0;
        while (zeros < shape->mark[mark].size && shape->mark[mark].text[zeros] == '0') zeros++;
        if (run.end - zeros >= run.start && stands_at(work, run.end - zeros, shape->mark[mark])) return 1;
    }
    return 0;
}

/* Marks that all begin with digits stand at a run or nowhere; others are not looked for here, which would cost more than it saves. */
static int may_hold(const Work *work, const Shape *shape) {
    for (int mark = 0; mark < shape->marks; mark++) if (*shape->mark[mark].text != '0') return 1;
    for (Py_ssize_t at = 0; at < work->runs.count; at++) if (ends_run(work, shape, work->runs.item[at])) return 1;
    return !shape->marks;
}

static int add_code(Work *work, int place, Py_ssize_t run) {
    Py_ssize_t at = run;
    if (at && work->sketch[at - 1] == '-') at--;
    Py_ssize_t letters = at;
    while (at && letters - at <= PREFIX && is_small((Py_UCS4)work->sketch[at - 1])) at--;
    return letters > at && letters - at <= PREFIX ? ADD(work->places, ((Place){place, at})) : 0;
}

static int add_numbered(Search *self, Work *work, int place) {
    const Shape *shape = &self->shape[place];
    if (!shape->ends_run && !may_hold(work, shape)) return 0;
    for (Py_ssize_t at = 0; at < work->runs.count; at++) {
        Range run = work->runs.item[at];
        if (!opens(work, shape, run) || (shape->ends_run && !ends_run(work, shape, run))) continue;
        if (shape->start == CODE) {
            if (add_code(work, place, run.start)) return -1;
            continue;
        }
        if (shape->start == DIGIT && !follows(work, shape->follows, run.end)) continue;
        if (shape->start == DIALLED && run.start && strchr("+(", work->sketch[run.start - 1]) && work->sketch[run.start - 1] &&
            ADD(work->places, ((Place){place, run.start - 1}))) return -1;
        if (ADD(work->places, ((Place){place, run.start}))) return -1;
    }
    return 0;
}

static int add_capitals(Work *work, int place, Py_ssize_t from, Py_ssize_t to) {
    for (Py_ssize_t at = from; at < to; at++)
        if (is_capital(READ(&work->text, at)) && !(at && is_word(READ(&work->text, at - 1))) && ADD(work->places, ((Place){place, at}))) return -1;
    return 0;
}

/* From the words behind the names back to where the names may begin: words in a row, each but the first with a capital in front. */
static int add_chain(Work *work, int place, Py_ssize_t close) {
    const Text *text = &work->text;
    for (int link = 0; link < CHAIN; link++) {
        Py_ssize_t end = close;
        while (end && Py_UNICODE_ISSPACE(READ(text, end - 1))) end--;
        if (end == close) return 0;
        Py_ssize_t start = end;
        while (start && !Py_UNICODE_ISSPACE(READ(text, start - 1))) start--;
        if (start == end) return 0;
        if (add_capitals(work, place, start, end)) return -1;
        if (!is_capital(READ(text, start))) return 0;
        close = start;
    }
    return 0;
}

static int closes(const Work *work, const Shape *shape, Py_ssize_t at) {
    if (!(shape->close_letters >> (READ(&work->text, at) - 'A') & 1)) return 0;
    for (int close = 0; close < shape->closes; close++) {
        Literal text = shape->close[close];
        if (*text.text != (char)READ(&work->text, at) || at + text.size > work->text.size) continue;
        Py_ssize_t same = 0;
        while (same < text.size && READ(&work->text, at + same) == (Py_UCS4)text.text[same]) same++;
        if (same == text.size) return 1;
    }
    return 0;
}

/* Where a shape has marks as well, one begins where the row of capitals closes. */
static int is_marked(const Work *work, const Shape *shape, Py_ssize_t at) {
    for (int mark = 0; mark < shape->marks; mark++) if (stands_at(work, at, shape->mark[mark])) return 1;
    return !shape->marks;
}

static int add_named(Search *self, Work *work, int place) {
    if (!self->shape[place].closes) return add_capitals(work, place, 0, work->text.size);
    for (Py_ssize_t at = 0; at < work->capitals.count; at++) {
        Py_ssize_t close = work->capitals.item[at];
        if (!closes(work, &self->shape[place], close) || !is_marked(work, &self->shape[place], close)) continue;
        if (add_chain(work, place, close)) return -1;
    }
    return 0;
}

static int add_near(Search *self, Work *work, int place) {
    const Shape *shape = &self->shape[place];
    Py_ssize_t marks = 0;
    for (Py_ssize_t at = 0; at < work->near.count; at++) marks += work->near.item[at].place == place;
    if (marks < shape->least) return 0;
    Py_ssize_t done = 0; /* marks in a row share the places before them */
    for (Py_ssize_t at = 0; at < work->near.count; at++) {
        if (work->near.item[at].place != place) continue;
        Py_ssize_t mark = work->near.item[at].at, start = mark;
        while (start && mark - start < shape->reach &&
               (shape->before.size ? holds(shape->before, work->sketch[start - 1]) : !Py_UNICODE_ISSPACE(READ(&work->text, start - 1)))) start--;
        for (start = start < done ? done : start; start <= mark; start++) if (ADD(work->places, ((Place){place, start}))) return -1;
        done = mark + 1;
    }
    return 0;
}

static int by_place(const void *one, const void *two) {
    const Place *a = one, *b = two;
    if (a->place != b->place) return a->place < b->place ? -1 : 1;
    return (a->at > b->at) - (a->at < b->at);
}

/* In order of shapes, and for each from left to right; mostly sorted already. */
static void sorted(Place *item, Py_ssize_t count) {
    if (count > 300) { qsort(item, (size_t)count, sizeof *item, by_place); return; }
    for (Py_ssize_t at = 1; at < count; at++) {
        Place one = item[at];
        Py_ssize_t to = at;
        while (to && by_place(&one, &item[to - 1]) < 0) { item[to] = item[to - 1]; to--; }
        item[to] = one;
    }
}

/* ---- asking the patterns ---- */

static PyObject *asked(PyObject *match, PyObject *text, Py_ssize_t from, Py_ssize_t to) {
    PyObject *first = PyLong_FromSsize_t(from), *last = to < 0 ? NULL : PyLong_FromSsize_t(to), *result = NULL;
    if (first && (last || to < 0)) {
        PyObject *given[] = {text, first, last};
        result = PyObject_Vectorcall(match, given, to < 0 ? 2 : 3, NULL);
    }
    Py_XDECREF(first);
    Py_XDECREF(last);
    return result;
}

static int spanned(PyObject *match, int group, Range *range) {
    static PyObject *span;
    if (!span && !(span = PyUnicode_InternFromString("span"))) return -1;
    PyObject *number = PyLong_FromLong(group), *pair = number ? PyObject_CallMethodOneArg(match, span, number) : NULL;
    Py_XDECREF(number);
    if (!pair) return -1;
    range->start = PyLong_AsSsize_t(PyTuple_GET_ITEM(pair, 0));
    range->end = PyLong_AsSsize_t(PyTuple_GET_ITEM(pair, 1));
    Py_DECREF(pair);
    return 0;
}

static int add_found(Work *work, Range range, int style, PyObject *kind, PyObject *label) {
    Found found = {range.start, range.end, range.start, range.end, (int)work->found.count, style, layer_of[style], kind, label};
    if (ADD(work->found, found)) { Py_XDECREF(label); return -1; }
    return 0;
}

/* The span of what a shape's group holds; `whole`: of the whole match, labelled with the shape's place. */
static int add_match(Work *work, const Shape *shape, int place, PyObject *match, int whole, Py_ssize_t *end) {
    Range all, part;
    if (spanned(match, 0, &all)) return -1;
    part = all;
    if (shape->group && !whole && spanned(match, shape->group, &part)) return -1;
    *end = all.end;
    if (add_found(work, part, FOLDED, shape->kind, NULL)) return -1;
    if (whole) work->found.item[work->found.count - 1].order = place;
    return 0;
}

static int add_everywhere(Work *work, const Shape *shape, int place, int whole) {
    int marked = !shape->marks;
    for (int mark = 0; mark < shape->marks && !marked; mark++)
        for (Py_ssize_t at = 0; at + shape->mark[mark].size <= work->text.size && !marked; at++) marked = stands_at(work, at, shape->mark[mark]);
    if (!marked) return 0;
    PyObject *all = PyObject_CallOneArg(shape->finditer, work->text.object), *match;
    if (!all) return -1;
    Py_ssize_t end;
    while ((match = PyIter_Next(all))) {
        int failed = add_match(work, shape, place, match, whole, &end);
        Py_DECREF(match);
        if (failed) break;
    }
    Py_DECREF(all);
    return PyErr_Occurred() ? -1 : 0;
}

static int add_shapes(Search *self, Work *work, int whole) {
    if (add_led(self, work)) return -1;
    for (int place = 0; place < self->shapes; place++) {
        const Shape *shape = &self->shape[place];
        if (shape->start == LEAD || (shape->words && !(shape->words & work->words))) continue;
        int failed = 0;
        if (shape->start == CAPITAL) failed = add_named(self, work, place);
        else if (shape->start == NEAR) failed = add_near(self, work, place);
        else if (shape->start == ANYWHERE) failed = ADD(work->places, ((Place){place, -1}));
        else failed = add_numbered(self, work, place);
        if (failed) return -1;
    }
    sorted(work->places.item, work->places.count);
    Py_ssize_t end = 0;
    for (Py_ssize_t at = 0; at < work->places.count; at++) {
        Place where = work->places.item[at];
        const Shape *shape = &self->shape[where.place];
        if (!at || work->places.item[at - 1].place != where.place) end = 0;
        if (where.at < 0) {
            if (add_everywhere(work, shape, where.place, whole)) return -1;
            continue;
        }
        if (where.at < end) continue;
        PyObject *match = asked(shape->match, work->text.object, where.at, -1);
        if (!match) return -1;
        int failed = match != Py_None && add_match(work, shape, where.place, match, whole, &end);
        Py_DECREF(match);
        if (failed) return -1;
    }
    return 0;
}

/* ---- words, folded ---- */

static int add_sign(Work *work, Py_UCS4 sign, uint32_t *hash) {
    *hash = hashed(*hash, sign);
    return ADD(work->folds, sign);
}

/* What a letter is folded to, asked of Python once for each. */
static PyObject *fold_of(Search *self, Py_UCS4 sign) {
    if (sign < KEPT && self->folds[sign]) return Py_NewRef(self->folds[sign]);
    PyObject *letter = PyUnicode_FromOrdinal((int)sign), *fold = letter ? PyObject_CallOneArg(self->folded, letter) : NULL;
    Py_XDECREF(letter);
    if (fold && sign < KEPT) self->folds[sign] = Py_NewRef(fold);
    return fold;
}

static int add_folded(Search *self, Work *work, Py_UCS4 sign, uint32_t *hash) {
    if (sign < 128) return add_sign(work, (Py_UCS4)Py_TOLOWER(sign), hash);
    PyObject *fold = fold_of(self, sign);
    if (!fold) return -1;
    int failed = 0;
    for (Py_ssize_t at = 0; at < PyUnicode_GET_LENGTH(fold) && !failed; at++) failed = add_sign(work, PyUnicode_READ_CHAR(fold, at), hash);
    Py_DECREF(fold);
    return failed;
}

/* The next run of letters or of digits from `at` on; none where `word->start` is `to`. */
static int next_word(Search *self, Work *work, Py_ssize_t at, Py_ssize_t to, Word *word) {
    const Text *text = &work->text;
    while (at < to && !is_letter(READ(text, at)) && !is_digit(READ(text, at))) at++;
    *word = (Word){at, at, work->folds.count, 0, HASH};
    if (at == to) return 0;
    int digits = is_digit(READ(text, at));
    for (; at < to && (digits ? is_digit(READ(text, at)) : is_letter(READ(text, at))); at++)
        if (add_folded(self, work, READ(text, at), &word->hash)) return -1;
    word->end = at;
    word->size = work->folds.count - word->at;
    return 0;
}

/* All words of the text, once: those of ASCII were read with it. */
static int read_words(Search *self, Work *work) {
    for (Py_ssize_t at = 0; !work->text.ascii && at < work->text.size;) {
        Word word;
        if (next_word(self, work, at, work->text.size, &word)) return -1;
        if (word.end == word.start) return 0;
        if (ADD(work->all, word)) return -1;
        at = word.end;
    }
    return 0;
}

static PyObject *text_of(const Work *work, const Word *word) {
    return PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, work->folds.item + word->at, word->size);
}

static int same(const Work *work, const Word *one, const Word *two) {
    return one->hash == two->hash && one->size == two->size &&
           !memcmp(work->folds.item + one->at, work->folds.item + two->at, (size_t)one->size * sizeof(Py_UCS4));
}

/* ---- what the record names ---- */

typedef struct { PyObject *single, *longer, *numbers; uint64_t sieve; } Known;

static uint64_t bit_of(Py_UCS4 first, Py_ssize_t size) { return (uint64_t)1 << ((first * 7 + (Py_UCS4)size) & 63); }

static void sieved(Known *known, PyObject *words) {
    PyObject *word, *value;
    Py_ssize_t at = 0;
    while (PyDict_Next(words, &at, &word, &value))
        if (PyUnicode_Check(word) && PyUnicode_GET_LENGTH(word)) known->sieve |= bit_of(PyUnicode_READ_CHAR(word, 0), PyUnicode_GET_LENGTH(word));
}

static int spells(const Work *work, const Word *word, PyObject *part) {
    if (!PyUnicode_Check(part) || PyUnicode_GET_LENGTH(part) != word->size) return 0;
    for (Py_ssize_t at = 0; at < word->size; at++) if (PyUnicode_READ_CHAR(part, at) != work->folds.item[word->at + at]) return 0;
    return 1;
}

/* Where a sequence ends whose first word is the one at `from` of those read; -1 where the text goes on otherwise, -2 failed. */
static Py_ssize_t end_of(Search *self, Work *work, Word first, PyObject *sequence) {
    Py_ssize_t end = first.end, parts = PyTuple_GET_SIZE(sequence), folds = work->folds.count;
    for (Py_ssize_t part = 1; part < parts; part++) {
        Word next;
        if (next_word(self, work, end, work->text.size, &next)) return -2;
        int fits = next.end > next.start && next.start - end <= 3 && spells(work, &next, PyTuple_GET_ITEM(sequence, part));
        work->folds.count = folds;
        if (!fits) return -1;
        end = next.end;
    }
    return end;
}

static int add_sequence(Search *self, Work *work, Word word, PyObject *sequences) {
    for (Py_ssize_t at = 0; at < PySequence_Fast_GET_SIZE(sequences); at++) {
        PyObject *pair = PySequence_Fast_GET_ITEM(sequences, at);
        Py_ssize_t end = end_of(self, work, word, PyTuple_GET_ITEM(pair, 0));
        if (end == -2) return -1;
        if (end < 0) continue;
        return add_found(work, (Range){word.start, end}, SUBJECT, NULL, Py_NewRef(PyTuple_GET_ITEM(pair, 1))) ? -1 : 1;
    }
    return 0;
}

static int add_known_word(Search *self, Work *work, const Known *known, Word word) {
    PyObject *key = text_of(work, &word);
    if (!key) return -1;
    PyObject *sequences = PyDict_GetItemWithError(known->longer, key), *subject;
    int done = 0;
    if (sequences) {
        sequences = PySequence_Fast(sequences, "sequences");
        done = sequences ? add_sequence(self, work, word, sequences) : -1;
        Py_XDECREF(sequences);
    }
    if (!done && !PyErr_Occurred() && (subject = PyDict_GetItemWithError(known->single, key)))
        done = add_found(work, (Range){word.start, word.end}, SUBJECT, NULL, Py_NewRef(subject));
    Py_DECREF(key);
    return done < 0 || PyErr_Occurred() ? -1 : 0;
}

/* Digits with at most three of [\s().,/:-] between them. */
static Py_ssize_t digits_end(const Text *text, Py_ssize_t at) {
    Py_ssize_t end = at + 1;
    for (at = end; at < text->size && at - end <= 3; at++) {
        Py_UCS4 sign = READ(text, at);
        if (is_digit(sign)) end = at + 1;
        else if (!Py_UNICODE_ISSPACE(sign) && !(sign < 128 && sign && strchr("().,/:-", (int)sign))) break;
    }
    return end;
}

static int contains(const Py_UCS4 *digits, Py_ssize_t size, PyObject *number) {
    Py_ssize_t length = PyUnicode_GET_LENGTH(number);
    for (Py_ssize_t at = 0; at + length <= size; at++) {
        Py_ssize_t same = 0;
        while (same < length && digits[at + same] == PyUnicode_READ_CHAR(number, same)) same++;
        if (same == length) return 1;
    }
    return 0;
}

static int add_number(Work *work, Range range, PyObject *numbers) {
    Py_ssize_t folds = work->folds.count;
    for (Py_ssize_t at = range.start; at < range.end; at++)
        if (is_digit(READ(&work->text, at)) && ADD(work->folds, READ(&work->text, at))) return -1;
    for (Py_ssize_t at = 0; at < PyList_GET_SIZE(numbers); at++) {
        PyObject *pair = PyList_GET_ITEM(numbers, at);
        if (!contains(work->folds.item + folds, work->folds.count - folds, PyTuple_GET_ITEM(pair, 0))) continue;
        if (add_found(work, range, SUBJECT, NULL, Py_NewRef(PyTuple_GET_ITEM(pair, 1)))) return -1;
    }
    work->folds.count = folds;
    return 0;
}

static int add_numbers(Work *work, const Known *known) {
    PyObject *numbers = PyDict_Items(known->numbers);
    if (!numbers) return -1;
    int failed = 0;
    for (Py_ssize_t at = 0, end = 0; at < work->runs.count && PyList_GET_SIZE(numbers) && !failed; at++) {
        Range run = work->runs.item[at];
        if (run.start < end) continue;
        end = digits_end(&work->text, run.start);
        if (end - run.start >= FEWEST) failed = add_number(work, (Range){run.start, end}, numbers);
    }
    Py_DECREF(numbers);
    return failed;
}

/* What the record names, word by word. */
static int add_known(Search *self, Work *work, Known *known) {
    sieved(known, known->single);
    sieved(known, known->longer);
    for (Py_ssize_t at = 0; known->sieve && at < work->all.count; at++) {
        Word word = work->all.item[at];
        if (!word.size || !(known->sieve & bit_of(work->folds.item[word.at], word.size))) continue;
        if (add_known_word(self, work, known, word)) return -1;
    }
    return add_numbers(work, known);
}

/* ---- what the tagger found ---- */

static PyObject *slice(const Text *text, Py_ssize_t start, Py_ssize_t end) { return PyUnicode_Substring(text->object, start, end); }

static PyObject *folded_slice(Search *self, Work *work, Py_ssize_t start, Py_ssize_t end) {
    Word word = {start, end, work->folds.count, 0, 0};
    for (; start < end; start++) if (add_folded(self, work, READ(&work->text, start), &word.hash)) return NULL;
    word.size = work->folds.count - word.at;
    PyObject *text = text_of(work, &word);
    work->folds.count = word.at;
    return text;
}

static int is_upper(const Text *text, Py_ssize_t start, Py_ssize_t end) {
    int upper = 0;
    for (; start < end; start++) {
        Py_UCS4 sign = READ(text, start);
        if (Py_UNICODE_ISLOWER(sign) || Py_UNICODE_ISTITLE(sign)) return 0;
        upper |= Py_UNICODE_ISUPPER(sign);
    }
    return upper;
}

enum { SCORE_DIGITS = 6, SCORE_LENGTH = 16 };

/* Few digits, as in a score, a reading or a room, with a letter at an edge at most; which is which, Python says. */
static int may_be_number(const Text *text, Py_ssize_t start, Py_ssize_t end) {
    int digits = 0;
    if (end - start > SCORE_LENGTH) return 0;
    for (Py_ssize_t at = start; at < end && digits <= SCORE_DIGITS; at++) {
        digits += is_digit(READ(text, at));
        if (at > start && at + 1 < end && is_letter(READ(text, at))) return 0;
    }
    return digits && digits <= SCORE_DIGITS;
}

/* 1 where the stretch is a score, a room or an abbreviation; -1 failed. */
static int stays(Search *self, Work *work, Py_ssize_t start, Py_ssize_t end) {
    const Text *text = &work->text;
    int result = 0;
    if (may_be_number(text, start, end)) {
        PyObject *answer = PyObject_CallFunction(self->is_number, "Onn", text->object, start, end);
        if (!answer) return -1;
        result = PyObject_IsTrue(answer);
        Py_DECREF(answer);
        if (result) return result;
    }
    if (!is_upper(text, start, end)) return 0;
    PyObject *fold = folded_slice(self, work, start, end);
    if (!fold) return -1;
    result = PySet_Contains(self->abbreviations, fold);
    Py_DECREF(fold);
    return result;
}

/* 1 where a word of a name is one that would be found again. */
static int is_name(Search *self, Work *work, const Word *word) {
    if (word->size < SHORTEST) return 0;
    for (Py_ssize_t at = 0; at < word->size; at++) if (!Py_UNICODE_ISALPHA(work->folds.item[word->at + at])) return 0;
    PyObject *text = text_of(work, word);
    if (!text) return -1;
    int ordinary = PySet_Contains(self->ordinary, text);
    Py_DECREF(text);
    return ordinary < 0 ? -1 : !ordinary;
}

/* Keeps a word of the name at `found`: its label is that of the last name that holds it. */
static int say(Search *self, Work *work, Word word, Py_ssize_t found) {
    int name = is_name(self, work, &word);
    if (name < 1) return name;
    word.start = found;
    return ADD(work->said, word);
}

static int say_spelled(Search *self, Work *work, Py_ssize_t found) {
    PyObject *part = slice(&work->text, work->found.item[found].start, work->found.item[found].end);
    PyObject *words = part ? PyObject_CallOneArg(self->spelled, part) : NULL;
    Py_XDECREF(part);
    if (!words) return -1;
    int failed = 0;
    for (Py_ssize_t place = 0; place < PyTuple_GET_SIZE(words) && !failed; place++) {
        PyObject *text = PyTuple_GET_ITEM(words, place);
        Word word = {0, 0, work->folds.count, PyUnicode_GET_LENGTH(text), HASH};
        for (Py_ssize_t at = 0; at < word.size && !failed; at++) failed = add_sign(work, PyUnicode_READ_CHAR(text, at), &word.hash);
        if (!failed) failed = say(self, work, word, found);
    }
    Py_DECREF(words);
    return failed;
}

/* Of characters that are as they are when normalised, and compose with none of their kind. */
static int is_settled(const Search *self, const Text *text, Py_ssize_t start, Py_ssize_t end) {
    if (!text->ascii) for (; start < end; start++) if (READ(text, start) >= SETTLED || !self->settled[READ(text, start)]) return 0;
    return 1;
}

static int say_words(Search *self, Work *work, Py_ssize_t found) {
    Py_ssize_t at = work->found.item[found].start, end = work->found.item[found].end;
    if (!is_settled(self, &work->text, at, end)) return say_spelled(self, work, found);
    while (at < end) {
        Word word;
        if (next_word(self, work, at, end, &word)) return -1;
        if (word.end == word.start) return 0;
        at = word.end;
        if (say(self, work, word, found)) return -1;
    }
    return 0;
}

static int is_inside(const Found *tagged, Py_ssize_t count, Word word) {
    for (Py_ssize_t at = 0; at < count; at++) if (tagged[at].start <= word.start && word.end <= tagged[at].end) return 1;
    return 0;
}

/* `tagged`: where the tagger's stretches begin among what was found; they reach to the last. */
static int add_said_again(const Search *self, Work *work, Py_ssize_t tagged) {
    Py_ssize_t count = work->found.count - tagged;
    uint64_t sieve = 0;
    for (Py_ssize_t at = 0; at < work->said.count; at++) sieve |= (uint64_t)1 << (work->said.item[at].hash & 63);
    for (Py_ssize_t at = 0; sieve && at < work->all.count; at++) {
        Word word = work->all.item[at];
        if (!(sieve >> (word.hash & 63) & 1)) continue;
        for (Py_ssize_t name = work->said.count - 1; name >= 0; name--) {
            if (!same(work, &word, &work->said.item[name])) continue;
            Found source = work->found.item[work->said.item[name].start];
            if (add_found(work, (Range){word.start, word.end}, TAGGED, self->name, NULL)) return -1;
            Found *again = &work->found.item[work->found.count - 1];
            again->from = source.start;
            again->to = source.end;
            if (!is_inside(work->found.item + tagged, count, word)) again->layers = PROPAGATION;
            break;
        }
    }
    return 0;
}

static int add_tagged(Search *self, Work *work, PyObject *tags) {
    Py_ssize_t tagged = work->found.count;
    for (Py_ssize_t at = 0; at < PyList_GET_SIZE(tags); at++) {
        PyObject *tag = PyList_GET_ITEM(tags, at);
        Py_ssize_t start = PyLong_AsSsize_t(PyTuple_GET_ITEM(tag, 0)), end = PyLong_AsSsize_t(PyTuple_GET_ITEM(tag, 1));
        PyObject *kind = PyTuple_GetItem(self->kinds, PyLong_AsSsize_t(PyTuple_GET_ITEM(tag, 2)));
        if (!kind) return -1;
        if (kind == Py_None) continue;
        int kept = stays(self, work, start, end);
        if (kept < 0 || (!kept && add_found(work, (Range){start, end}, TAGGED, kind, NULL))) return -1;
        if (!kept && kind == self->name && say_words(self, work, work->found.count - 1)) return -1;
    }
    return add_said_again(self, work, tagged);
}

/* ---- what stands beside a date, and bare ages behind a name ---- */

static int starts_clock(const Work *work, Range run) {
    Py_ssize_t size = run.end - run.start, at = run.end;
    if (size <= 2 && work->sketch[at] == ':') return 1;
    if (size != 1 && size != 2 && size != 4) return 0;
    if (at < work->text.size && Py_UNICODE_ISSPACE(READ(&work->text, at))) at++;
    return size == 4 ? work->sketch[at] == 'h' : work->sketch[at] == 'a' || work->sketch[at] == 'p';
}

typedef struct { Py_ssize_t at; int weekday; } Moment;
typedef LIST(Moment, Moments);

/* Whether a sentence ends: [.!?](?=\s+[A-Z\[]) between these places. */
static int sentence_ends(const Text *text, Py_ssize_t at, Py_ssize_t end) {
    for (; at < end; at++) {
        Py_UCS4 sign = READ(text, at);
        if (sign != '.' && sign != '!' && sign != '?') continue;
        Py_ssize_t next = at + 1;
        while (next < end && Py_UNICODE_ISSPACE(READ(text, next))) next++;
        if (next == at + 1 || next >= end) continue;
        sign = READ(text, next);
        if ((sign >= 'A' && sign <= 'Z') || sign == '[') return 1;
    }
    return 0;
}

static int is_beside(const Text *text, Range moment, Range date) {
    Range gap = date.end <= moment.start ? (Range){date.end, moment.start} : (Range){moment.end, date.start};
    if (gap.end - gap.start > TIED) return 0;
    return gap.start >= gap.end || !sentence_ends(text, gap.start, gap.end + 1 < text->size ? gap.end + 1 : text->size);
}

/* Around one date, first times and then weekdays: none inside another of its sort. */
static int add_around(Search *self, Work *work, Range date, const Moment *moments, Py_ssize_t count) {
    Py_ssize_t low = date.start > AROUND ? date.start - AROUND : 0, high = date.end + AROUND;
    for (int weekday = 0; weekday < 2; weekday++) {
        Py_ssize_t end = low;
        for (Py_ssize_t at = 0; at < count; at++) {
            if (moments[at].weekday != weekday || moments[at].at < end || moments[at].at >= high) continue;
            PyObject *match = asked(weekday ? self->weekday : self->clock, work->text.object, moments[at].at, high);
            if (!match) return -1;
            int failed = 0;
            if (match != Py_None) {
                Range span;
                failed = spanned(match, 0, &span) ||
                         (is_beside(&work->text, span, date) && add_found(work, span, CASELESS, weekday ? self->date : self->time, NULL));
                end = span.end;
            }
            Py_DECREF(match);
            if (failed) return -1;
        }
    }
    return 0;
}

static int moments_of(const Work *work, Moments *moments) {
    for (Py_ssize_t at = 0; at < work->runs.count; at++)
        if (starts_clock(work, work->runs.item[at]) && ADD(*moments, ((Moment){work->runs.item[at].start, 0}))) return -1;
    for (Py_ssize_t at = 0; at < work->days.count; at++) if (ADD(*moments, ((Moment){work->days.item[at], 1}))) return -1;
    return 0;
}

static int is_kind(const Found *found, PyObject *kind) { return found->kind == kind || !PyUnicode_Compare(found->kind, kind); }

static int seen(const Work *work, Py_ssize_t count, Py_ssize_t at, PyObject *kind, int ends_only) {
    const Found *one = &work->found.item[at];
    for (Py_ssize_t before = 0; before < at && before < count; before++) {
        const Found *two = &work->found.item[before];
        if (one->end == two->end && (ends_only || one->start == two->start) && is_kind(two, kind)) return 1;
    }
    return 0;
}

static int add_tied(Search *self, Work *work) {
    Moments moments = {0};
    Py_ssize_t count = work->found.count;
    int failed = moments_of(work, &moments);
    for (Py_ssize_t at = 0; moments.count && at < count && !failed; at++) {
        Found date = work->found.item[at];
        if (is_kind(&date, self->date) && !seen(work, count, at, self->date, 0))
            failed = add_around(self, work, (Range){date.start, date.end}, moments.item, moments.count);
    }
    PyMem_Free(moments.item);
    return failed;
}

/* An age over 89 may begin here: behind "is" or "was", a bracket, "aged". */
static int may_be_age(const Work *work, Py_ssize_t at) {
    const char *sketch = work->sketch; /* behind its last character stands one that is none */
    at += sketch[at] == ',';
    while (sketch[at] == ' ') at++;
    if (sketch[at] == 'i' || sketch[at] == 'w') {
        while (is_small((Py_UCS4)sketch[at])) at++;
        at += sketch[at] == ' ';
    }
    at += sketch[at] == '(';
    if (sketch[at] == 'a') while (is_small((Py_UCS4)sketch[at]) || sketch[at] == ' ') at++;
    return sketch[at] == '0';
}

static int add_age(Search *self, Work *work, PyObject *match) {
    Range span;
    return spanned(match, 1, &span) || add_found(work, span, FIXED, self->age, Py_NewRef(self->age_label)) ? -1 : 0;
}

static int add_asked_age(Search *self, Work *work, PyObject *pattern, Py_ssize_t at, Py_ssize_t *end) {
    PyObject *match = asked(pattern, work->text.object, at, -1);
    if (!match) return -1;
    Range span = {0, 0};
    int failed = match != Py_None && (spanned(match, 0, &span) || add_age(self, work, match));
    if (match != Py_None) *end = span.end;
    Py_DECREF(match);
    return failed;
}

static int add_ages(Search *self, Work *work) {
    Py_ssize_t count = work->found.count, end = 0;
    for (Py_ssize_t at = 0; at < count; at++) {
        Found name = work->found.item[at];
        if (!is_kind(&name, self->name) || !may_be_age(work, name.end) || seen(work, count, at, self->name, 1)) continue;
        if (add_asked_age(self, work, self->behind, name.end, &end)) return -1;
    }
    end = 0;
    for (Py_ssize_t at = 0; at < work->runs.count; at++) {
        Range run = work->runs.item[at];
        Py_UCS4 first = READ(&work->text, run.start);
        if (run.end - run.start < 2 || run.end - run.start > 3 || (first != '9' && first != '1') || run.start < end) continue;
        Py_ssize_t next = run.end < work->text.size && Py_UNICODE_ISSPACE(READ(&work->text, run.end)) ? run.end + 1 : run.end;
        if (!work->sketch[next] || !strchr("mf/", work->sketch[next])) continue;
        if (add_asked_age(self, work, self->with_sex, run.start, &end)) return -1;
    }
    return 0;
}

/* ---- one list: those that overlap, or that name the same in a row, as one ---- */

static PyObject *joined(const char *front, PyObject *text) {
    PyObject *whole = text ? PyUnicode_FromFormat("%s%U", front, text) : NULL;
    Py_XDECREF(text);
    return whole;
}

static PyObject *label_of(Search *self, Work *work, Found *found) {
    PyObject *label = found->label;
    if (found->style == SUBJECT) {
        PyObject *number = PyObject_GetAttrString(label, "number");
        found->label = number ? PyUnicode_FromFormat("%U %S", found->kind, number) : NULL;
        Py_XDECREF(number);
        Py_DECREF(label);
    } else if (found->style == FOLDED || found->style == TAGGED) {
        PyObject *text = folded_slice(self, work, found->from, found->to);
        found->label = found->style == TAGGED ? joined("tagged ", text) : text;
    } else if (found->style == CASELESS) {
        PyObject *text = slice(&work->text, found->from, found->to);
        found->label = text ? PyObject_CallMethod(text, "casefold", NULL) : NULL;
        Py_XDECREF(text);
    }
    found->style = FIXED;
    return found->label;
}

static int by_start(const void *one, const void *two) {
    const Found *a = one, *b = two;
    if (a->start != b->start) return a->start < b->start ? -1 : 1;
    if (a->end != b->end) return a->end > b->end ? -1 : 1;
    return (a->order > b->order) - (a->order < b->order);
}

/* 1 where only [\s,.]{0,2} stands between two that name the same; -1 failed. */
static int continues(Search *self, Work *work, Found *before, Found *next) {
    if (next->start - before->end > 2 || !is_kind(before, next->kind)) return 0;
    for (Py_ssize_t at = before->end; at < next->start; at++) {
        Py_UCS4 sign = READ(&work->text, at);
        if (sign != ',' && sign != '.' && !Py_UNICODE_ISSPACE(sign)) return 0;
    }
    PyObject *one = label_of(self, work, before), *two = label_of(self, work, next);
    return one && two ? !PyUnicode_Compare(one, two) : -1;
}

static void balanced(const Text *text, Found *found) {
    Py_ssize_t open = 0;
    for (Py_ssize_t at = found->start; at < found->end; at++) open += (READ(text, at) == '(') - (READ(text, at) == ')');
    if (open == 1 && found->end < text->size && READ(text, found->end) == ')') found->end++;
}

static PyObject *span_of(Search *self, Work *work, Found *found) {
    PyObject *label = label_of(self, work, found), *start = PyLong_FromSsize_t(found->start), *end = PyLong_FromSsize_t(found->end);
    PyObject *layers = PyLong_FromLong(found->layers), *given[] = {start, end, found->kind, label, layers}, *span = NULL;
    if (label && start && end && layers) span = PyObject_Vectorcall(self->span_type, given, 5, NULL);
    Py_XDECREF(layers);
    Py_XDECREF(start);
    Py_XDECREF(end);
    return span;
}

static PyObject *merged(Search *self, Work *work) {
    Found *found = work->found.item;
    if (work->found.count) qsort(found, (size_t)work->found.count, sizeof *found, by_start);
    Found *before = NULL;
    PyObject *spans = PyList_New(0);
    for (Py_ssize_t at = 0; spans && at <= work->found.count; at++) {
        Found *next = at < work->found.count ? &found[at] : NULL;
        int same = !next || !before ? 0 : next->start < before->end ? 1 : continues(self, work, before, next);
        if (same > 0) {
            if (next->end > before->end) before->end = next->end;
            before->layers |= next->layers;
            continue;
        }
        PyObject *span = before && same == 0 ? span_of(self, work, before) : NULL;
        if ((before && !span) || (span && PyList_Append(spans, span))) Py_CLEAR(spans);
        Py_XDECREF(span);
        if ((before = next)) balanced(&work->text, next);
    }
    return spans;
}

/* ---- the type ---- */

static int begun(Search *self, Work *work, PyObject *text, int words) {
    if (!PyUnicode_Check(text)) { PyErr_SetString(PyExc_TypeError, "text must be str"); return -1; }
    if (!self->keep) { PyErr_SetString(PyExc_ValueError, "nothing to look for"); return -1; }
    work->text = (Text){PyUnicode_KIND(text), PyUnicode_DATA(text), PyUnicode_GET_LENGTH(text), text, PyUnicode_IS_ASCII(text)};
    return read_through(self, work, words);
}

static int known_of(PyObject *object, Known *known) {
    known->single = PyObject_GetAttrString(object, "single");
    known->longer = known->single ? PyObject_GetAttrString(object, "longer") : NULL;
    known->numbers = known->longer ? PyObject_GetAttrString(object, "numbers") : NULL;
    if (!known->numbers) return -1;
    if (PyDict_Check(known->single) && PyDict_Check(known->longer) && PyDict_Check(known->numbers)) return 0;
    PyErr_SetString(PyExc_TypeError, "what is known comes in dicts");
    return -1;
}

static int kinds_told(Work *work) {
    for (Py_ssize_t at = 0; at < work->found.count; at++) {
        Found *found = &work->found.item[at];
        if (found->kind) continue;
        found->kind = PyObject_GetAttrString(found->label, "kind");
        if (!found->kind) return -1;
        Py_DECREF(found->kind); /* the subject keeps it */
    }
    return 0;
}

static PyObject *spans(Search *self, PyObject *arguments) {
    PyObject *text, *object, *tags, *result = NULL;
    if (!PyArg_ParseTuple(arguments, "UOO!", &text, &object, &PyList_Type, &tags)) return NULL;
    Work work = {0};
    Known known = {0};
    if (!begun(self, &work, text, 1) && !known_of(object, &known) && !read_words(self, &work) && !add_known(self, &work, &known) &&
        !add_shapes(self, &work, 0) && !add_tagged(self, &work, tags) && !kinds_told(&work) &&
        (!self->dates || (!add_tied(self, &work) && !add_ages(self, &work)))) result = merged(self, &work);
    dropped(&work);
    Py_XDECREF(known.single);
    Py_XDECREF(known.longer);
    Py_XDECREF(known.numbers);
    return result;
}

/* Place of the shape, start and end of every match, as candidates.matches gives them. */
static PyObject *matches(Search *self, PyObject *text) {
    Work work = {0};
    PyObject *list = NULL;
    if (!begun(self, &work, text, 1) && !add_shapes(self, &work, 1)) list = PyList_New(0);
    for (Py_ssize_t at = 0; list && at < work.found.count; at++) {
        PyObject *match = Py_BuildValue("(inn)", work.found.item[at].order, work.found.item[at].start, work.found.item[at].end);
        if (!match || PyList_Append(list, match)) Py_CLEAR(list);
        Py_XDECREF(match);
    }
    dropped(&work);
    return list;
}

/* Kind, start and end of what stands beside one of these stretches. */
static PyObject *tied(Search *self, PyObject *arguments) {
    PyObject *text, *ranges, *list = NULL;
    if (!PyArg_ParseTuple(arguments, "UO!", &text, &PyList_Type, &ranges)) return NULL;
    Work work = {0};
    Moments moments = {0};
    int failed = begun(self, &work, text, 0) || moments_of(&work, &moments);
    for (Py_ssize_t at = 0; !failed && at < PyList_GET_SIZE(ranges); at++) {
        Range range;
        failed = !PyArg_ParseTuple(PyList_GET_ITEM(ranges, at), "nn", &range.start, &range.end) ||
                 add_around(self, &work, range, moments.item, moments.count);
    }
    if (!failed) list = PyList_New(0);
    for (Py_ssize_t at = 0; list && at < work.found.count; at++) {
        Found *found = &work.found.item[at];
        PyObject *one = Py_BuildValue("(Onn)", found->kind, found->start, found->end);
        if (!one || PyList_Append(list, one)) Py_CLEAR(list);
        Py_XDECREF(one);
    }
    PyMem_Free(moments.item);
    dropped(&work);
    return list;
}

static Literal literal(PyObject *text) {
    Py_ssize_t size = 0;
    const char *there = PyUnicode_AsUTF8AndSize(text, &size);
    return (Literal){there, there ? size : 0};
}

static int literals(PyObject *tuple, Literal **list, int *count) {
    *count = (int)PyTuple_GET_SIZE(tuple);
    if (!(*list = PyMem_Calloc((size_t)*count + 1, sizeof **list))) { PyErr_NoMemory(); return -1; }
    for (int at = 0; at < *count; at++) if (!((*list)[at] = literal(PyTuple_GET_ITEM(tuple, at))).text) return -1;
    return 0;
}

static Trigger *triggered(Search *self, const char *word, Py_ssize_t size) {
    Trigger *trigger = trigger_of(self, word, size);
    if (!trigger->word.text) *trigger = (Trigger){{word, size}, -1, 0};
    return trigger;
}

static int led(Search *self, int place, Literal lead) {
    Py_ssize_t size = 0;
    while (size < lead.size && is_small((Py_UCS4)lead.text[size])) size++;
    if (!size || size > LONGEST_TRIGGER) { PyErr_SetString(PyExc_ValueError, "a lead begins with a word of at most 31 letters of a-z"); return -1; }
    Trigger *trigger = triggered(self, lead.text, size);
    self->lead[self->leads] = (Lead){place, trigger->lead, lead};
    trigger->lead = self->leads++;
    return 0;
}

static int near(Search *self, int place, Literal mark) {
    if (!mark.size || *mark.text < 0 || *mark.text == '0') { PyErr_SetString(PyExc_ValueError, "a match lies near a mark that begins in ASCII, with no digit"); return -1; }
    self->lead[self->leads] = (Lead){place, self->near_by[(int)*mark.text], mark};
    self->near_by[(int)*mark.text] = self->leads++;
    return 0;
}

static int opened(Shape *shape, PyObject *openings) {
    shape->openings = (int)PyTuple_GET_SIZE(openings);
    if (shape->openings > OPENINGS) { PyErr_SetString(PyExc_ValueError, "too many ways to begin"); return -1; }
    for (int at = 0; at < shape->openings; at++) {
        PyObject *after;
        if (!PyArg_ParseTuple(PyTuple_GET_ITEM(openings, at), "nnU", &shape->opening[at].least, &shape->opening[at].most, &after)) return -1;
        shape->opening[at].after = literal(after);
    }
    return 0;
}

static int shaped(Search *self, int place, PyObject *given, uint64_t *bit) {
    Shape *shape = &self->shape[place];
    PyObject *openings, *leads, *words, *marks, *closes, *before;
    if (!PyArg_ParseTuple(given, "OOUiiiO!O!O!O!llUO!p", &shape->match, &shape->finditer, &shape->kind, &shape->group, &shape->start, &shape->follows,
                          &PyTuple_Type, &openings, &PyTuple_Type, &leads, &PyTuple_Type, &words, &PyTuple_Type, &marks, &shape->least,
                          &shape->reach, &before, &PyTuple_Type, &closes, &shape->ends_run)) return -1;
    shape->before = literal(before);
    if (opened(shape, openings) || literals(marks, &shape->mark, &shape->marks) || literals(closes, &shape->close, &shape->closes)) return -1;
    for (int at = 0; at < shape->closes; at++) {
        char first = *shape->close[at].text;
        if (first < 'A' || first > 'Z') { PyErr_SetString(PyExc_ValueError, "a row of capitals closes with a capital of A-Z"); return -1; }
        shape->close_letters |= (uint32_t)1 << (first - 'A');
    }
    for (Py_ssize_t at = 0; at < PyTuple_GET_SIZE(leads); at++) if (led(self, place, literal(PyTuple_GET_ITEM(leads, at)))) return -1;
    for (int at = 0; shape->start == NEAR && at < shape->marks; at++) if (near(self, place, shape->mark[at])) return -1;
    if (PyTuple_GET_SIZE(words)) {
        if (!*bit) { PyErr_SetString(PyExc_ValueError, "too many shapes with words"); return -1; }
        shape->words = *bit;
        for (Py_ssize_t at = 0; at < PyTuple_GET_SIZE(words); at++) {
            Literal word = literal(PyTuple_GET_ITEM(words, at));
            if (word.size > LONGEST_TRIGGER) { PyErr_SetString(PyExc_ValueError, "a word of at most 31 letters"); return -1; }
            triggered(self, word.text, word.size)->bit |= *bit;
        }
        *bit <<= 1;
    }
    return 0;
}

static int start(Search *self, PyObject *arguments, PyObject *named) {
    PyObject *shapes, *settled;
    if (named && PyDict_GET_SIZE(named)) { PyErr_SetString(PyExc_TypeError, "no keywords"); return -1; }
    if (self->keep) { PyErr_SetString(PyExc_TypeError, "made once"); return -1; }
    if (!PyArg_ParseTuple(arguments, "O!p(OOOS)(OOOO)OO!OO(UUUUU)", &PyTuple_Type, &shapes, &self->dates, &self->folded, &self->spelled,
                          &self->is_number, &settled, &self->clock, &self->weekday, &self->behind, &self->with_sex, &self->span_type,
                          &PyTuple_Type, &self->kinds, &self->abbreviations, &self->ordinary, &self->name, &self->date, &self->time,
                          &self->age, &self->age_label)) return -1;
    if (!PyAnySet_Check(self->abbreviations) || !PyAnySet_Check(self->ordinary)) { PyErr_SetString(PyExc_TypeError, "words come in sets"); return -1; }
    if (PyBytes_GET_SIZE(settled) != SETTLED) { PyErr_SetString(PyExc_ValueError, "a flag for each character below U+0300"); return -1; }
    self->settled = PyBytes_AS_STRING(settled);
    Py_ssize_t count = PyTuple_GET_SIZE(shapes), leads = 0;
    for (Py_ssize_t at = 0; at < count; at++) leads += PyTuple_Size(PyTuple_GetItem(PyTuple_GET_ITEM(shapes, at), 7)) + PyTuple_Size(PyTuple_GetItem(PyTuple_GET_ITEM(shapes, at), 9));
    if (PyErr_Occurred() || leads > SLOTS / 4) { if (!PyErr_Occurred()) PyErr_SetString(PyExc_ValueError, "too many leads"); return -1; }
    self->shape = PyMem_Calloc((size_t)count + 1, sizeof *self->shape);
    self->lead = PyMem_Calloc((size_t)leads + 1, sizeof *self->lead);
    if (!self->shape || !self->lead) { PyErr_NoMemory(); return -1; }
    for (int sign = 0; sign < 128; sign++) { self->near_by[sign] = -1; self->sketches[sign] = sketched((Py_UCS4)sign); }
    self->shapes = (int)count;
    uint64_t bit = 1;
    for (int at = 0; at < self->shapes; at++) if (shaped(self, at, PyTuple_GET_ITEM(shapes, at), &bit)) return -1;
    self->keep = Py_NewRef(arguments);
    return 0;
}

static void stop(Search *self) {
    PyTypeObject *type = Py_TYPE(self);
    for (int at = 0; at < self->shapes; at++) { PyMem_Free(self->shape[at].mark); PyMem_Free(self->shape[at].close); }
    for (int at = 0; at < KEPT; at++) Py_XDECREF(self->folds[at]);
    PyMem_Free(self->shape);
    PyMem_Free(self->lead);
    Py_XDECREF(self->keep);
    type->tp_free((PyObject *)self);
    Py_DECREF(type);
}

/* ---- which marks of the tagger may be cut or widened; whether they are, refining.py decides ---- */

enum { STAYS, NAME, CODED, PLACED };
enum { YEAR = 4, THE_YEAR = 8, LONGEST_UNIT = 5, LONGEST_ABBREVIATION = 4, SENTENCE_BEFORE = 4 };

typedef struct { const Text *text; PyObject *touchy; int mixed; } Marked; /* `mixed`: surely of small letters and capitals */

static int in_name(Py_UCS4 sign) { return is_small(sign) || sign == '-' || sign == '\'' || sign == 0x2019; }
static int is_plain(Py_UCS4 sign) { return sign < 128 && is_small(sign | 32); }

static int is_mixed(const Text *text) {
    int small = 0, capital = 0;
    for (Py_ssize_t at = 0; at < text->size && !(small && capital); at++) {
        Py_UCS4 sign = READ(text, at);
        small |= is_small(sign);
        capital |= sign >= 'A' && sign <= 'Z';
    }
    return small && capital;
}

/* A sentence may start here: trimming.py looks as far back. */
static int may_start_sentence(const Text *text, Py_ssize_t start) {
    for (Py_ssize_t at = start; at && start - at < SENTENCE_BEFORE; at--) {
        Py_UCS4 sign = READ(text, at - 1);
        if (sign == '\n' || (sign < 128 && sign && strchr(".!?:;", (int)sign))) return 1;
    }
    return !start;
}

/* 1 where a run of letters is one of `touchy`, or is too long or too foreign to tell here; -1 failed. */
static int is_touchy(const Marked *marked, Range word) {
    char lower[LONGEST_TRIGGER];
    if (word.end - word.start > LONGEST_TRIGGER) return 1;
    for (Py_ssize_t at = word.start; at < word.end; at++) {
        Py_UCS4 sign = READ(marked->text, at);
        if (sign > 127) return 1;
        lower[at - word.start] = (char)Py_TOLOWER(sign);
    }
    PyObject *folded = PyUnicode_FromStringAndSize(lower, word.end - word.start);
    int held = folded ? PySet_Contains(marked->touchy, folded) : -1;
    Py_XDECREF(folded);
    return held;
}

/* A word at an edge may be given back: not one with a capital inside a sentence. The whole of a mark may be an eponym. */
static int may_go(const Marked *marked, Range word, int is_whole) {
    Py_UCS4 first = READ(marked->text, word.start);
    if (first < 128 && !is_plain(first)) return 0; /* a number is no word */
    if (!is_whole && marked->mixed && first >= 'A' && first <= 'Z' && !may_start_sentence(marked->text, word.start)) return 0;
    return is_touchy(marked, word);
}

static int is_of_word(const Text *text, Py_ssize_t at) { return is_letter(READ(text, at)) || is_digit(READ(text, at)); }

/* The run of letters or of digits from here to one end of the mark. */
static Range first_word(const Text *text, Range mark) {
    while (mark.start < mark.end && !is_of_word(text, mark.start)) mark.start++;
    Range word = {mark.start, mark.start};
    int digits = mark.start < mark.end && is_digit(READ(text, mark.start));
    while (word.end < mark.end && is_of_word(text, word.end) && is_digit(READ(text, word.end)) == digits) word.end++;
    return word;
}

static Range last_word(const Text *text, Range mark) {
    while (mark.end > mark.start && !is_of_word(text, mark.end - 1)) mark.end--;
    Range word = {mark.end, mark.end};
    int digits = mark.end > mark.start && is_digit(READ(text, mark.end - 1));
    while (word.start > mark.start && is_of_word(text, word.start - 1) && is_digit(READ(text, word.start - 1)) == digits) word.start--;
    return word;
}

/* A dose: a percent sign at the end; letters at the end behind a digit at the beginning, or few of them right behind a digit. */
static int may_be_dose(const Text *text, Range mark) {
    Py_ssize_t end = mark.end;
    if (!is_word(READ(text, end - 1))) end--;
    if (end == mark.start || READ(text, end) == '%' || READ(text, end - 1) == '%' || READ(text, mark.end - 1) == '\n') return 1;
    if (!is_letter(READ(text, end - 1))) return 0;
    for (Py_ssize_t at = mark.start; at < end && at <= mark.start + 2; at++) if (is_digit(READ(text, at))) return 1;
    Py_ssize_t start = end;
    while (start && is_letter(READ(text, start - 1)) && end - start <= LONGEST_UNIT) start--;
    if (start && Py_UNICODE_ISSPACE(READ(text, start - 1))) start--;
    return end - start <= LONGEST_UNIT + 1 && start && is_digit(READ(text, start - 1));
}

/* Letters with stops, as of an abbreviation: two capitals are initials. */
static int may_be_abbreviation(const Text *text, Range mark) {
    int stops = 0, letters = 0, capitals = 0;
    for (Py_ssize_t at = mark.start; at < mark.end; at++) {
        Py_UCS4 sign = READ(text, at);
        if (sign == '.') stops++;
        else if (sign != ' ') { letters++; capitals += !is_small(sign); }
    }
    return stops && letters <= LONGEST_ABBREVIATION && (letters > 2 || !capitals);
}

static int may_be_year(const Text *text, Range mark) {
    Py_ssize_t size = mark.end - mark.start;
    Py_UCS4 first = READ(text, mark.start);
    return (size == YEAR && (first == '1' || first == '2')) || (size == THE_YEAR && (first | 32) == 't');
}

/* 1 where trimming.py may give something back; -1 failed. */
static int may_give_back(const Marked *marked, Range mark, int sort) {
    const Text *text = marked->text;
    if (may_be_dose(text, mark)) return 1;
    if (sort == CODED ? may_be_year(text, mark) : may_be_abbreviation(text, mark)) return 1;
    Range first = first_word(text, mark), last = last_word(text, mark);
    if (first.start == first.end) return 1;
    int is_whole = first.start == mark.start && first.end == mark.end && sort == NAME, may = may_go(marked, first, is_whole);
    return may ? may : may_go(marked, last, is_whole);
}

/* A word with a capital ends here. */
static int has_capital_before(const Text *text, Py_ssize_t end) {
    Py_ssize_t at = end;
    while (at && in_name(READ(text, at - 1))) at--;
    return at && at < end && is_capital(READ(text, at - 1));
}

/* A word with a capital stands behind a name, or before it and a comma; or such a word before a place. */
static int may_widen(const Text *text, Range mark, int sort) {
    Py_ssize_t at = mark.end, before = mark.start - 1;
    if (sort == NAME) {
        if (at + 2 < text->size && Py_UNICODE_ISSPACE(READ(text, at)) && is_capital(READ(text, at + 1)) && in_name(READ(text, at + 2))) return 1;
        return before > 0 && READ(text, before) == ' ' && READ(text, before - 1) == ',' && has_capital_before(text, before - 1);
    }
    if (before < 0 || !Py_UNICODE_ISSPACE(READ(text, before))) return 0;
    return READ(text, before) == '\n' || has_capital_before(text, before); /* `$` also stands before the last line end */
}

static int may_change_mark(const Marked *marked, Range mark, int sort) {
    if (sort == STAYS) return 0;
    if (mark.start < 0 || mark.end > marked->text->size || mark.start >= mark.end) return 1;
    int may = sort == PLACED ? 0 : may_give_back(marked, mark, sort);
    return may || sort == CODED ? may : may_widen(marked->text, mark, sort);
}

/* The places of the marks that Python has to look at; `sorts` by label. */
static PyObject *may_change(PyObject *Py_UNUSED(module), PyObject *arguments) {
    PyObject *object, *marks, *touchy, *list;
    const char *sorts;
    Py_ssize_t labels;
    if (!PyArg_ParseTuple(arguments, "UO!y#O", &object, &PyList_Type, &marks, &sorts, &labels, &touchy)) return NULL;
    if (!PyAnySet_Check(touchy)) { PyErr_SetString(PyExc_TypeError, "words come in a set"); return NULL; }
    Text text = {PyUnicode_KIND(object), PyUnicode_DATA(object), PyUnicode_GET_LENGTH(object), object, PyUnicode_IS_ASCII(object)};
    Marked marked = {&text, touchy, is_mixed(&text)};
    list = PyList_New(0);
    for (Py_ssize_t place = 0; list && place < PyList_GET_SIZE(marks); place++) {
        Range mark;
        Py_ssize_t label;
        if (!PyArg_ParseTuple(PyList_GET_ITEM(marks, place), "nnn", &mark.start, &mark.end, &label)) { Py_CLEAR(list); break; }
        int may = may_change_mark(&marked, mark, label >= 0 && label < labels ? sorts[label] : STAYS);
        PyObject *number = may > 0 ? PyLong_FromSsize_t(place) : NULL;
        if (may && (!number || PyList_Append(list, number))) Py_CLEAR(list);
        Py_XDECREF(number);
    }
    return list;
}

/* ---- which spans may have a part of them right beside; whether they have, neighbours.py decides ---- */

static int joins(Py_UCS4 sign) { return sign == '-' || sign == '\'' || sign == 0x2019; }

/* The rest of a word or of a code, or the number of a wing. */
static int may_go_on(const Text *text, Py_ssize_t end) {
    if (end >= text->size) return 0;
    Py_UCS4 sign = READ(text, end);
    if (sign == ' ') return end + 1 < text->size && is_digit(READ(text, end + 1));
    return joins(sign) || sign == '/' || is_word(sign);
}

/* The beginning of a word, or an initial behind a space. */
static int may_begin_before(const Text *text, Py_ssize_t start) {
    if (start < 1) return 0;
    if (joins(READ(text, start - 1))) return 1;
    Py_ssize_t initial = start - 2;
    if (initial > 0 && READ(text, initial) == '.') initial--;
    return READ(text, start - 1) == ' ' && initial > 0 && is_capital(READ(text, initial)) && Py_UNICODE_ISSPACE(READ(text, initial - 1));
}

/* 1 where Python has to look at the span; -1 failed. */
static int may_grow_span(const Text *text, PyObject *span) {
    PyObject *start = PyObject_GetAttrString(span, "start"), *end = start ? PyObject_GetAttrString(span, "end") : NULL;
    Range range = {start ? PyLong_AsSsize_t(start) : -1, end ? PyLong_AsSsize_t(end) : -1};
    Py_XDECREF(start);
    Py_XDECREF(end);
    if (PyErr_Occurred()) return -1;
    return range.start < 0 || range.start > text->size || range.end < 0 || may_go_on(text, range.end) || may_begin_before(text, range.start);
}

static PyObject *may_grow(PyObject *Py_UNUSED(module), PyObject *arguments) {
    PyObject *object, *spans, *list;
    if (!PyArg_ParseTuple(arguments, "UO!", &object, &PyList_Type, &spans)) return NULL;
    Text text = {PyUnicode_KIND(object), PyUnicode_DATA(object), PyUnicode_GET_LENGTH(object), object, PyUnicode_IS_ASCII(object)};
    list = PyList_New(0);
    for (Py_ssize_t place = 0; list && place < PyList_GET_SIZE(spans); place++) {
        int may = may_grow_span(&text, PyList_GET_ITEM(spans, place));
        PyObject *number = may > 0 ? PyLong_FromSsize_t(place) : NULL;
        if (may && (!number || PyList_Append(list, number))) Py_CLEAR(list);
        Py_XDECREF(number);
    }
    return list;
}

static PyMethodDef functions[] = {
    {"may_change", may_change, METH_VARARGS, "Which marks may be cut or widened."},
    {"may_grow", may_grow, METH_VARARGS, "Which spans may go on."},
    {NULL},
};

static PyMethodDef methods[] = {
    {"spans", (PyCFunction)spans, METH_VARARGS, "What goes from a text."},
    {"matches", (PyCFunction)matches, METH_O, "What has a shape."},
    {"tied", (PyCFunction)tied, METH_VARARGS, "What stands beside a date."},
    {NULL},
};
static PyType_Slot slots[] = {{Py_tp_init, start}, {Py_tp_new, PyType_GenericNew}, {Py_tp_dealloc, stop}, {Py_tp_methods, methods}, {0}};
static PyType_Spec spec = {"_search.Search", sizeof(Search), 0, Py_TPFLAGS_DEFAULT, slots};

static int execute(PyObject *module) {
    PyObject *type = PyType_FromSpec(&spec);
    int failed = !type || PyModule_AddObjectRef(module, "Search", type);
    Py_XDECREF(type);
    return failed ? -1 : 0;
}

static PyModuleDef_Slot module_slots[] = {{Py_mod_exec, execute}, {0}};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "_search", "The search in C.", 0, functions, module_slots};
PyMODINIT_FUNC PyInit__search(void) { return PyModuleDef_Init(&definition); }
