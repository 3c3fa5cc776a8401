/* The tagger in C. It mirrors tokens.py, shapes.py, classes.py, features.py and decoding.py line by line and must give the
   same answer bit for bit: sums are integers, and every floating sum runs in the order of decoding.py. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { L = 8, REACH = 3, OFFSETS = 7, WIDTH = OFFSETS * L, PAIRS = 7, TRIPLES = 3, LONGEST = 64, POWERS = 8192 };
enum { SMALL, CAPITAL, CAPITALS, MIXED, LETTER, SMALL_LETTER, FLAT, FLAT_LETTER };
enum { EDGE = 0, NEW_LINE = 1, FIRST_SIGN = 2, SIGN_COUNT = 32, OTHER_SIGN = FIRST_SIGN + SIGN_COUNT, FIRST_DIGITS = OTHER_SIGN + 1,
       FIRST_LISTED = FIRST_DIGITS + 8, LISTED_COUNT = 9, FIRST_LETTER = FIRST_LISTED + 2 * LISTED_COUNT,
       FIRST_OPEN = FIRST_LETTER + 3, KINDS = 18, FIRST_CLOSED = FIRST_OPEN + KINDS * 5, CLASSES = FIRST_CLOSED + 44 };
enum { WIDE_FLAG = CLASSES, WIDE_NAME = WIDE_FLAG + 32, WIDE_COMMON = WIDE_NAME + 16 * 3, WIDE_SHAPE = WIDE_COMMON + 8,
       WIDE_PART = WIDE_SHAPE + 8, WIDE_WORD = WIDE_PART + 16 };
enum { NARROW_NAME = 0, NARROW_LENGTH = 16 * 8 * 8, NARROW_AFFIX = NARROW_LENGTH + 16 * 8 };
#define BIT(n) ((uint32_t)1 << (n))
#define NOUN BIT(7)
#define VERB BIT(8)
#define ADJECTIVE BIT(9)
#define ADVERB BIT(10)
#define CLINICAL BIT(11)
#define DRUG BIT(12)
#define PLACE_WORDS (BIT(13) | BIT(14) | BIT(15))
#define FACILITY BIT(16)
#define EPONYM BIT(22)
#define ABBREVIATION BIT(24)
#define DEVICE BIT(27)
#define PROPER BIT(30)
static const char SIGNS[] = ".,:;-/()'\"@#&+=?!<>*%_\\|[]{}~^$`";
static const uint32_t LISTED[LISTED_COUNT] = {BIT(28), BIT(19), BIT(18), BIT(20), BIT(21), BIT(29), BIT(17), BIT(23), BIT(25)};
static const char *const INNER[] = {"mc", "mac", "o", "d", "de", "la", "le", "di", "du", "van", "von", "fitz", "st", "lo", "el", "al"};

/* ---- tables: words by hash, open addressing ---- */

typedef struct { uint32_t at, bits; int32_t row, kind; uint8_t length; } Entry;
typedef struct { Entry *entries; uint32_t mask; const char *text; } Table;
/* What two or three classes in a row add to each token that they concern, so that one look finds all. */
typedef struct { int16_t rows[4][L]; } Beside; /* two side by side: to the first, the second, the one behind them, the one before */
typedef struct { int16_t rows[3][L]; } Around; /* two with one between, or three: to the first, the second and the third place */
typedef struct { uint32_t key, block; } Triple;
typedef struct { int16_t sum[WIDTH]; int kind; } Ready; /* what a word of the vocabulary adds up, summed once at the start */
enum { READY_SHAPES = 3 };
static const int READY[READY_SHAPES] = {SMALL, CAPITAL, FLAT};
enum { MOST_WIDE = 31, MOST_NARROW = 5, MOST_PAIRS = PAIRS + TRIPLES }; /* rows that one token adds up at most: see word_sum, score */

typedef struct {
    PyObject_HEAD
    PyObject *keep; /* the bytes that the tables point into */
    Table lexicon, words;
    Ready *ready; /* by row of the vocabulary and place in READY */
    Beside *beside; /* block 0 of each sort is empty */
    Around *apart, *in_a_row;
    uint16_t *beside_at, *apart_at; /* block by classes; a table asks no question, and most pairs have weights */
    Triple *triples; /* block by hash: few of eight million triples have weights */
    uint32_t triple_mask;
    int32_t *end3, *end2, *start3;
    const int16_t *wide, *narrow;
    Py_ssize_t wide_rows, narrow_rows;
    double steps[L][L], turned[L][L], thresholds[L], scale, *powers;
    Py_UCS4 folds[0x250];
} Kernel;

static uint32_t hash_of(const char *word, size_t length) {
    uint64_t value = 1469598103934665603ULL;
    for (size_t place = 0; place < length; place++) value = (value ^ (unsigned char)word[place]) * 1099511628211ULL;
    return (uint32_t)(value ^ (value >> 32));
}

static const Entry *find(const Table *table, uint32_t hash, const char *word, size_t length) {
    for (uint32_t slot = hash & table->mask;; slot = (slot + 1) & table->mask) {
        const Entry *entry = &table->entries[slot];
        if (!entry->length) return NULL;
        if (entry->length == length && !memcmp(table->text + entry->at, word, length)) return entry;
    }
}

/* Lines of "word number ..."; `numbers` says how many numbers and in which base they stand. */
static int fill(Table *table, const char *text, Py_ssize_t size, int base) {
    uint32_t lines = 0, slots = 64;
    for (Py_ssize_t at = 0; at < size; at++) lines += text[at] == '\n';
    while (slots < 2 * lines + 2) slots *= 2;
    table->entries = PyMem_Calloc(slots, sizeof(Entry));
    if (!table->entries) { PyErr_NoMemory(); return -1; }
    table->mask = slots - 1;
    table->text = text;
    for (Py_ssize_t at = 0; at < size;) {
        const char *line = text + at, *end = memchr(line, '\n', (size_t)(size - at));
        const char *space = end ? memchr(line, ' ', (size_t)(end - line)) : NULL;
        if (!space || space == line || space - line >= LONGEST) { PyErr_SetString(PyExc_ValueError, "not a word list"); return -1; }
        Entry entry = {(uint32_t)at, 0, -1, -1, (uint8_t)(space - line)};
        char *rest;
        if (base == 16) entry.bits = (uint32_t)strtoul(space + 1, &rest, 16);
        else { entry.row = (int32_t)strtol(space + 1, &rest, 10); entry.kind = (int32_t)strtol(rest, &rest, 10); }
        uint32_t slot = hash_of(line, entry.length) & table->mask;
        while (table->entries[slot].length) slot = (slot + 1) & table->mask;
        table->entries[slot] = entry;
        at = end - text + 1;
    }
    return 0;
}

enum { PAIR_KEYS = PAIRS * CLASSES * CLASSES * 2, BESIDE_KEYS = CLASSES * CLASSES * 2, APART_KEYS = CLASSES * CLASSES };
static const uint32_t NOBODY = UINT32_MAX; /* no three classes */
/* By the pairs and triples of pairs.py: the token that each concerns, as Beside and Around have them; whether a token stands
   between the two; whether it counts that they touch. */
static const int ROW_OF_PAIR[PAIRS] = {1, 0, 1, 2, 3, 2, 0}, ROW_OF_TRIPLE[TRIPLES] = {1, 2, 0};
static const int IS_APART[PAIRS] = {0, 0, 1, 0, 0, 1, 1}, TELLS_JOINT[PAIRS] = {1, 1, 0, 0, 0, 0, 0};

/* The block of these classes, a new one where they have none; 0 where there are too many. */
static uint16_t block_at(uint16_t *at, uint32_t *blocks) {
    if (!*at && *blocks <= UINT16_MAX) *at = (uint16_t)(*blocks)++;
    return *at;
}

/* The entry of three classes, or the empty one where theirs would be. */
static Triple *triple_of(const Kernel *self, uint32_t key) {
    uint32_t slot = (key * 2654435761u >> 7) & self->triple_mask;
    while (self->triples[slot].key != NOBODY && self->triples[slot].key != key) slot = (slot + 1) & self->triple_mask;
    return &self->triples[slot];
}

/* The weights of one pair go to where both classes are looked up; -1 where there are too many. */
static int fill_pair(Kernel *self, uint32_t key, const int16_t *weights, uint32_t blocks[2]) {
    uint32_t classes = key / 2 % APART_KEYS, pair = key / 2 / APART_KEYS, joint = key % 2;
    if (joint && !TELLS_JOINT[pair]) return 0; /* which nobody asks for */
    if (IS_APART[pair]) {
        uint16_t block = block_at(&self->apart_at[classes], &blocks[1]);
        if (!block) return -1;
        memcpy(self->apart[block].rows[ROW_OF_PAIR[pair]], weights, L * sizeof *weights);
        return 0;
    }
    for (uint32_t glued = 0; glued < 2; glued++) {
        if (TELLS_JOINT[pair] && glued != joint) continue;
        uint16_t block = block_at(&self->beside_at[classes * 2 + glued], &blocks[0]);
        if (!block) return -1;
        memcpy(self->beside[block].rows[ROW_OF_PAIR[pair]], weights, L * sizeof *weights);
    }
    return 0;
}

static void fill_triple(Kernel *self, uint32_t key, const int16_t *weights, uint32_t *blocks) {
    uint32_t classes = key % (APART_KEYS * CLASSES);
    Triple *triple = triple_of(self, classes);
    if (triple->key == NOBODY) *triple = (Triple){classes, (*blocks)++};
    memcpy(self->in_a_row[triple->block].rows[ROW_OF_TRIPLE[key / APART_KEYS / CLASSES]], weights, L * sizeof *weights);
}

static int fill_pairs(Kernel *self, const uint32_t *keys, const int16_t *weights, Py_ssize_t count) {
    uint32_t slots = 64, blocks[3] = {1, 1, 1};
    while (slots < 2 * (uint32_t)count + 2) slots *= 2;
    self->beside = PyMem_Calloc(2 * (size_t)count + 1, sizeof *self->beside);
    self->apart = PyMem_Calloc((size_t)count + 1, sizeof *self->apart);
    self->in_a_row = PyMem_Calloc((size_t)count + 1, sizeof *self->in_a_row);
    self->beside_at = PyMem_Calloc(BESIDE_KEYS, sizeof *self->beside_at);
    self->apart_at = PyMem_Calloc(APART_KEYS, sizeof *self->apart_at);
    self->triples = PyMem_Malloc(slots * sizeof *self->triples);
    if (!self->beside || !self->apart || !self->in_a_row || !self->beside_at || !self->apart_at || !self->triples) { PyErr_NoMemory(); return -1; }
    for (uint32_t slot = 0; slot < slots; slot++) self->triples[slot] = (Triple){NOBODY, 0};
    self->triple_mask = slots - 1;
    for (Py_ssize_t row = 0; row < count; row++) {
        if (keys[row] >= (uint32_t)PAIR_KEYS + TRIPLES * APART_KEYS * CLASSES) { PyErr_SetString(PyExc_ValueError, "not a pair of classes"); return -1; }
        if (keys[row] >= PAIR_KEYS) fill_triple(self, keys[row] - PAIR_KEYS, weights + row * L, &blocks[2]);
        else if (fill_pair(self, keys[row], weights + row * L, blocks)) { PyErr_SetString(PyExc_ValueError, "too many pairs"); return -1; }
    }
    return 0;
}

/* The largest weight of a table, whatever its sign. */
static long largest(const int16_t *weights, Py_ssize_t count) {
    long most = 0;
    for (Py_ssize_t at = 0; at < count; at++) if (labs((long)weights[at]) > most) most = labs((long)weights[at]);
    return most;
}

/* Lines "-ing", "-ng", "str-": row by line. */
static int fill_affixes(Kernel *self, const char *text, Py_ssize_t size) {
    enum { THREE = 26 * 26 * 26, TWO = 26 * 26 };
    self->end3 = PyMem_Malloc((2 * THREE + TWO) * sizeof(int32_t));
    if (!self->end3) { PyErr_NoMemory(); return -1; }
    self->start3 = self->end3 + THREE;
    self->end2 = self->start3 + THREE;
    for (int place = 0; place < 2 * THREE + TWO; place++) self->end3[place] = -1;
    int32_t row = 0;
    for (Py_ssize_t at = 0; at < size; row++) {
        const char *end = memchr(text + at, '\n', (size_t)(size - at));
        if (!end) break;
        Py_ssize_t length = end - text - at;
        int ending = text[at] == '-', key = 0;
        for (Py_ssize_t place = at + ending; place < at + length - !ending; place++) {
            if (text[place] < 'a' || text[place] > 'z') { PyErr_SetString(PyExc_ValueError, "not an affix"); return -1; }
            key = key * 26 + text[place] - 'a';
        }
        if (ending && length == 3) self->end2[key] = row;
        else if (length == 4) (ending ? self->end3 : self->start3)[key] = row;
        at = end - text + 1;
    }
    return 0;
}

/* ---- tokens ---- */

typedef struct { Py_ssize_t start, end; int kind, glued; } Token;
typedef struct { int kind; const void *data; Py_ssize_t size; } Text;
#define READ(text, at) PyUnicode_READ((text)->kind, (text)->data, (at))

static int is_letter(Py_UCS4 sign) {
    if (sign < 128) return (sign | 32) >= 'a' && (sign | 32) <= 'z';
    return Py_UNICODE_ISALNUM(sign) && !Py_UNICODE_ISDECIMAL(sign);
}

static int is_digit(Py_UCS4 sign) { return sign < 128 ? sign >= '0' && sign <= '9' : Py_UNICODE_ISDECIMAL(sign); }

static int is_upper(Py_UCS4 sign) { return sign < 128 ? sign >= 'A' && sign <= 'Z' : Py_UNICODE_ISUPPER(sign) != 0; }
static int is_lower(Py_UCS4 sign) { return sign < 128 ? sign >= 'a' && sign <= 'z' : Py_UNICODE_ISLOWER(sign) != 0; }

static int belongs_inside(const Text *text, Py_ssize_t start, Py_ssize_t end) {
    char word[5] = {0};
    if (end - start > 4) return 0;
    for (Py_ssize_t at = start; at < end; at++) {
        Py_UCS4 sign = READ(text, at);
        if (sign > 127) return 0;
        word[at - start] = (char)Py_TOLOWER(sign);
    }
    for (size_t place = 0; place < sizeof INNER / sizeof *INNER; place++)
        if (!strcmp(word, INNER[place])) return 1;
    return 0;
}

static Py_ssize_t cut(const Text *text, Py_ssize_t start, Py_ssize_t end, Token *found) {
    Py_ssize_t count = 0, begin = start;
    if (end - start > 2)
        for (Py_ssize_t at = start + 1; at < end; at++)
            if (is_upper(READ(text, at)) && is_lower(READ(text, at - 1)) && !belongs_inside(text, begin, at)) {
                found[count++] = (Token){begin, at, 0, 0};
                begin = at;
            }
    found[count++] = (Token){begin, end, 0, 0};
    return count;
}

static Py_ssize_t tokens(const Text *text, Token *found) {
    Py_ssize_t count = 0, at = 0;
    int line_end = 0;
    while (at < text->size) {
        Py_UCS4 sign = READ(text, at);
        Py_ssize_t end = at + 1;
        if (is_letter(sign)) {
            while (end < text->size && is_letter(READ(text, end))) end++;
            count += cut(text, at, end, found + count);
        } else if (is_digit(sign)) {
            while (end < text->size && is_digit(READ(text, end))) end++;
            found[count++] = (Token){at, end, 0, 0};
        } else if (sign == '\n') {
            if (!line_end) found[count++] = (Token){at, end, 0, 0};
            line_end = 1;
            at = end;
            continue;
        } else if (Py_UNICODE_ISSPACE(sign)) {
            at = end;
            continue;
        } else {
            found[count++] = (Token){at, end, 0, 0};
        }
        line_end = 0;
        at = end;
    }
    for (Py_ssize_t place = 1; place < count; place++) found[place].glued = found[place].start == found[place - 1].end;
    return count;
}

static int case_of(const Text *text) { /* 0 normal, 1 lower, 2 upper */
    Py_ssize_t upper = 0, lower = 0;
    for (Py_ssize_t at = 0; at < text->size; at++) {
        Py_UCS4 sign = READ(text, at);
        upper += is_upper(sign);
        lower += is_lower(sign);
    }
    return upper * 200 <= lower ? 1 : lower * 3 <= upper ? 2 : 0;
}

static int shape_of(const Text *text, Token token, int text_case) {
    Py_ssize_t length = token.end - token.start, upper = 0;
    if (text_case) return length == 1 ? FLAT_LETTER : FLAT;
    int capital = is_upper(READ(text, token.start));
    if (length == 1) return capital ? LETTER : SMALL_LETTER;
    for (Py_ssize_t at = token.start + 1; at < token.end; at++) upper += is_upper(READ(text, at));
    if (!upper) return capital ? CAPITAL : SMALL;
    return upper + capital == length ? CAPITALS : MIXED;
}

/* ---- classes ---- */

static int digits_class(const Text *text, Token token) {
    Py_ssize_t length = token.end - token.start;
    if (length == 4) {
        Py_UCS4 one = READ(text, token.start), two = READ(text, token.start + 1);
        return FIRST_DIGITS + ((one == '1' && two == '9') || (one == '2' && two == '0') ? 3 : 4);
    }
    return FIRST_DIGITS + (length < 4 ? (int)length - 1 : length == 5 ? 5 : length < 9 ? 6 : 7);
}

static int sign_class(Py_UCS4 sign) {
    if (sign == '\n') return NEW_LINE;
    const char *found = sign && sign < 128 ? strchr(SIGNS, (int)sign) : NULL;
    return found ? FIRST_SIGN + (int)(found - SIGNS) : OTHER_SIGN;
}

static int kind_of(uint32_t bits) {
    int given = bits & 3, family = bits >> 2 & 3, common = bits >> 4 & 7, name = given > family ? given : family;
    if (!bits) return 0;
    if (bits & EPONYM) return name >= 2 ? 1 : 2;
    if (bits & (DEVICE | ABBREVIATION) && common < 4) return bits & DEVICE ? 3 : 4;
    if (bits & PROPER && name < 2) return 3;
    if (bits & DRUG && name < 2) return 5;
    if (name) {
        if (!common && !(bits & (NOUN | VERB | ADJECTIVE | CLINICAL))) return name >= 2 ? 6 : 7;
        if (name >= 2) return common <= 3 ? 8 : 9;
        return common <= 3 ? 10 : 13;
    }
    if (bits & PLACE_WORDS && common < 2) return 11;
    if (bits & FACILITY && common < 2) return 12;
    if (common >= 4) return 13;
    return bits & VERB ? 14 : bits & NOUN ? 15 : bits & (ADJECTIVE | ADVERB) ? 16 : 17;
}

static int word_class(uint32_t bits, int shape) {
    if (shape == FLAT_LETTER) return FIRST_LETTER + 2;
    if (shape == LETTER || shape == SMALL_LETTER) return FIRST_LETTER + shape - LETTER;
    for (int place = 0; place < LISTED_COUNT; place++)
        if (bits & LISTED[place]) return FIRST_LISTED + 2 * place + (shape == CAPITAL || shape == CAPITALS);
    return FIRST_OPEN + KINDS * (shape == FLAT ? 4 : shape) + kind_of(bits);
}

/* ---- rows and sums ---- */

static void add_wide(const Kernel *self, int row, int16_t *sum) {
    const int16_t *weights = self->wide + (size_t)row * WIDTH;
    for (int place = 0; place < WIDTH; place++) sum[place] = (int16_t)(sum[place] + weights[place]);
}

static void add_narrow(const Kernel *self, int row, int16_t *sum) {
    const int16_t *weights = self->narrow + (size_t)row * L;
    for (int place = 0; place < L; place++) sum[REACH * L + place] = (int16_t)(sum[REACH * L + place] + weights[place]);
}

static size_t folded(const Kernel *self, const Text *text, Token token, char *word) {
    size_t length = (size_t)(token.end - token.start);
    int plain = length < LONGEST;
    for (size_t place = 0; place < length && (plain || place < 3); place++) {
        Py_UCS4 sign = READ(text, token.start + (Py_ssize_t)place);
        if (sign >= 0x250) sign = Py_UNICODE_TOLOWER(sign);
        if (sign < 0x250) sign = self->folds[sign];
        if (place < LONGEST) word[place] = sign < 128 ? (char)sign : (char)0x80;
    }
    return length;
}

static int three(const char *word, int count) {
    int key = 0;
    for (int place = 0; place < count; place++) {
        if (word[place] < 'a' || word[place] > 'z') return -1;
        key = key * 26 + word[place] - 'a';
    }
    return key;
}

static void add_affixes(const Kernel *self, const Text *text, Token token, const char *word, size_t length, int16_t *sum) {
    char tail[LONGEST];
    if (length >= LONGEST) folded(self, text, (Token){token.end - 3, token.end, 0, 0}, tail);
    else memcpy(tail, word + length - 3, 3);
    int end3 = three(tail, 3), end2 = three(tail + 1, 2), start3 = three(word, 3);
    if (end3 >= 0 && self->end3[end3] >= 0) add_narrow(self, NARROW_AFFIX + self->end3[end3], sum);
    if (end2 >= 0 && self->end2[end2] >= 0) add_narrow(self, NARROW_AFFIX + self->end2[end2], sum);
    if (start3 >= 0 && self->start3[start3] >= 0) add_narrow(self, NARROW_AFFIX + self->start3[start3], sum);
}

/* What a word adds up but for its endings, and its class. */
static int word_sum(const Kernel *self, size_t length, int shape, uint32_t bits, const Entry *own, int16_t *sum) {
    int kind = own ? own->kind : -1;
    if (kind < 0 || shape == LETTER || shape == FLAT_LETTER) kind = word_class(bits, shape);
    add_wide(self, kind, sum);
    for (uint32_t left = bits & ~(uint32_t)127; left; left &= left - 1) add_wide(self, WIDE_FLAG + __builtin_ctz(left), sum);
    add_wide(self, WIDE_NAME + 16 * (shape == SMALL ? 0 : shape == FLAT ? 2 : 1) + (int)(bits & 15), sum);
    add_wide(self, WIDE_COMMON + (int)(bits >> 4 & 7), sum);
    add_wide(self, WIDE_SHAPE + shape, sum);
    add_wide(self, WIDE_PART + (int)(bits >> 7 & 15), sum);
    if (own) add_wide(self, WIDE_WORD + own->row, sum);
    int names = (int)((bits & 3) * 4 + (bits >> 2 & 3));
    add_narrow(self, NARROW_NAME + (names * 8 + (int)(bits >> 4 & 7)) * 8 + shape, sum);
    add_narrow(self, NARROW_LENGTH + (length < 15 ? (int)length : 15) * 8 + shape, sum);
    return kind;
}

/* Half of the words of a report are of the vocabulary, in three shapes: what they add up is summed here once. */
static int fill_ready(Kernel *self, Py_ssize_t rows) {
    self->ready = PyMem_Calloc((size_t)rows * READY_SHAPES + 1, sizeof(Ready));
    if (!self->ready) { PyErr_NoMemory(); return -1; }
    for (uint32_t slot = 0; slot <= self->words.mask; slot++) {
        Entry *own = &self->words.entries[slot];
        if (!own->length) continue;
        if (own->row < 0 || own->row >= rows || own->kind >= CLASSES) { PyErr_SetString(PyExc_ValueError, "not a vocabulary"); return -1; }
        const char *word = self->words.text + own->at;
        const Entry *known = find(&self->lexicon, hash_of(word, own->length), word, own->length);
        own->bits = known ? known->bits : 0;
        for (int place = 0; place < READY_SHAPES; place++) {
            Ready *ready = &self->ready[own->row * READY_SHAPES + place];
            ready->kind = word_sum(self, own->length, READY[place], own->bits, own, ready->sum);
        }
    }
    return 0;
}

static const Ready *ready_of(const Kernel *self, const Entry *own, int shape) {
    for (int place = 0; place < READY_SHAPES; place++) if (READY[place] == shape) return &self->ready[own->row * READY_SHAPES + place];
    return NULL;
}

/* What the token adds up: its own, or in `sum`. */
static const int16_t *add_word(const Kernel *self, const Text *text, Token *token, int text_case, int16_t *sum) {
    char word[LONGEST];
    size_t length = folded(self, text, *token, word);
    int shape = shape_of(text, *token, text_case);
    uint32_t hash = length < LONGEST ? hash_of(word, length) : 0;
    const Entry *own = length < LONGEST ? find(&self->words, hash, word, length) : NULL;
    const Ready *ready = own ? ready_of(self, own, shape) : NULL;
    if (ready) { token->kind = ready->kind; return ready->sum; }
    const Entry *known = own ? own : length < LONGEST ? find(&self->lexicon, hash, word, length) : NULL;
    token->kind = word_sum(self, length, shape, known ? known->bits : 0, own, sum);
    if (!own && length > 2) add_affixes(self, text, *token, word, length, sum);
    return sum;
}

/* What each token adds to the scores of itself and of its neighbours; rows before and behind take what concerns no token. */
static void score_alone(const Kernel *self, const Text *text, Token *found, Py_ssize_t count, int32_t *scores) {
    int text_case = case_of(text);
    for (Py_ssize_t at = 0; at < count; at++) {
        int16_t room[WIDTH] = {0};
        const int16_t *sum = room;
        Py_UCS4 first = READ(text, found[at].start);
        if (is_letter(first)) {
            sum = add_word(self, text, &found[at], text_case, room);
        } else {
            found[at].kind = is_digit(first) ? digits_class(text, found[at]) : sign_class(first);
            sum = self->wide + (size_t)found[at].kind * WIDTH;
        }
        for (int place = 0; place < OFFSETS; place++)
            for (int label = 0; label < L; label++) scores[(at - place + REACH) * L + label] += sum[place * L + label];
    }
}

static void add_row(int16_t *sum, const int16_t row[L]) {
    for (int label = 0; label < L; label++) sum[label] = (int16_t)(sum[label] + row[label]);
}

static uint32_t kind_at(const Token *found, Py_ssize_t count, Py_ssize_t at) { return at < 0 || at >= count ? EDGE : (uint32_t)found[at].kind; }

/* What tokens add that stand in a row: `sums` by token, with rows before and behind as the scores have them. */
static void score_together(const Kernel *self, const Token *found, Py_ssize_t count, int16_t *sums) {
    uint32_t one = EDGE, two = EDGE;
    for (Py_ssize_t at = -2; at <= count; at++) {
        uint32_t three = kind_at(found, count, at + 2), glued = at + 1 > 0 && at + 1 < count ? (uint32_t)found[at + 1].glued : 0;
        const Beside *beside = &self->beside[self->beside_at[(one * CLASSES + two) * 2 + glued]];
        const Around *apart = &self->apart[self->apart_at[one * CLASSES + three]];
        const Around *row = &self->in_a_row[triple_of(self, (one * CLASSES + two) * CLASSES + three)->block];
        for (int place = 0; place < 3; place++) {
            add_row(sums + (at + place) * L, beside->rows[place]);
            add_row(sums + (at + place) * L, apart->rows[place]);
            add_row(sums + (at + place) * L, row->rows[place]);
        }
        add_row(sums + (at - 1) * L, beside->rows[3]);
        one = two;
        two = three;
    }
}

/* `scores` and `sums` have REACH rows of zeros before the first token and behind the last. */
static void score(const Kernel *self, const Text *text, Token *found, Py_ssize_t count, int32_t *scores, int16_t *sums) {
    score_alone(self, text, found, count, scores);
    score_together(self, found, count, sums);
    for (Py_ssize_t cell = 0; cell < count * L; cell++) scores[cell] += sums[cell];
}

/* ---- probabilities ---- */

static void normalise(double *values) {
    double total = 0.0;
    for (int label = 0; label < L; label++) total += values[label];
    for (int label = 0; label < L; label++) values[label] /= total;
}

static void multiplied(const double by[L][L], const double *values, double *result) {
    for (int label = 0; label < L; label++) result[label] = 0.0;
    for (int from = 0; from < L; from++)
        for (int to = 0; to < L; to++) result[to] += by[from][to] * values[from];
}

static int decided(const Kernel *self, const double *masses) {
    double total = 0.0;
    int best = 1;
    for (int label = 0; label < L; label++) total += masses[label];
    for (int label = 2; label < L; label++) if (masses[label] > masses[best]) best = label;
    return 1.0 - masses[0] / total >= self->thresholds[best] ? best : 0;
}

/* exp(-difference / scale), kept for the differences that are met most: sums of scores are integers. */
static double power(const Kernel *self, int32_t difference) {
    return difference < POWERS ? self->powers[difference] : exp((double)-difference / self->scale);
}

static void mark(const Kernel *self, Token *found, Py_ssize_t count, const int32_t *scores, double *weights, double *forward) {
    for (Py_ssize_t at = 0; at < count; at++) {
        const int32_t *row = scores + at * L;
        int32_t top = row[0];
        for (int label = 1; label < L; label++) if (row[label] > top) top = row[label];
        for (int label = 0; label < L; label++)
            weights[at * L + label] = power(self, top - row[label]);
        double *here = forward + at * L;
        if (at) multiplied(self->steps, here - L, here);
        for (int label = 0; label < L; label++) here[label] = (at ? here[label] : 1.0) * weights[at * L + label];
        normalise(here);
    }
    double behind[L] = {1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0};
    for (Py_ssize_t at = count - 1; at >= 0; at--) {
        double masses[L], ahead[L];
        for (int label = 0; label < L; label++) masses[label] = forward[at * L + label] * behind[label];
        found[at].kind = decided(self, masses);
        for (int label = 0; label < L; label++) ahead[label] = weights[at * L + label] * behind[label];
        multiplied(self->turned, ahead, behind);
        normalise(behind);
    }
}

/* ---- spans ---- */

static int type_of(int label) { return label < 2 ? label : label < 6 ? label & ~1 : label; }

static int holds_alnum(const Text *text, Py_ssize_t start, Py_ssize_t end) {
    for (Py_ssize_t at = start; at < end; at++) if (Py_UNICODE_ISALNUM(READ(text, at))) return 1;
    return 0;
}

static int put(PyObject *list, const Text *text, Py_ssize_t start, Py_ssize_t end, int label) {
    if (!label || !holds_alnum(text, start, end)) return 0;
    PyObject *span = Py_BuildValue("(nni)", start, end, label);
    if (!span) return -1;
    int failed = PyList_Append(list, span);
    Py_DECREF(span);
    return failed;
}

static PyObject *spans(const Text *text, const Token *found, Py_ssize_t count) {
    PyObject *list = PyList_New(0);
    if (!list) return NULL;
    Py_ssize_t start = 0, end = 0;
    int open = 0;
    for (Py_ssize_t at = 0; at < count; at++) {
        int label = found[at].kind, begins = label == 2 || label == 4;
        if (label && open && type_of(label) == type_of(open) && !begins) {
            end = found[at].end;
            continue;
        }
        if (put(list, text, start, end, type_of(open))) { Py_DECREF(list); return NULL; }
        start = found[at].start;
        end = found[at].end;
        open = label;
    }
    if (put(list, text, start, end, type_of(open))) { Py_DECREF(list); return NULL; }
    return list;
}

/* ---- the type ---- */

static PyObject *tag(Kernel *self, PyObject *argument) {
    if (!PyUnicode_Check(argument)) { PyErr_SetString(PyExc_TypeError, "text must be str"); return NULL; }
    if (!self->keep) { PyErr_SetString(PyExc_ValueError, "the kernel has no model"); return NULL; }
    if (PyUnicode_READY(argument)) return NULL;
    Text text = {PyUnicode_KIND(argument), PyUnicode_DATA(argument), PyUnicode_GET_LENGTH(argument)};
    size_t most = (size_t)text.size + 1;
    Token *found = PyMem_Malloc(most * sizeof(Token));
    if (!found) return PyErr_NoMemory();
    Py_ssize_t count = tokens(&text, found);
    size_t cells = ((size_t)count + 2 * REACH) * L;
    char *block = PyMem_Calloc(cells, 2 * sizeof(double) + sizeof(int32_t) + sizeof(int16_t));
    if (!block) { PyMem_Free(found); return PyErr_NoMemory(); }
    double *weights = (double *)(void *)block, *forward = weights + cells;
    int32_t *scores = (int32_t *)(void *)(forward + cells) + REACH * L;
    score(self, &text, found, count, scores, (int16_t *)(void *)(scores + cells - REACH * L) + REACH * L);
    mark(self, found, count, scores, weights, forward);
    PyObject *list = spans(&text, found, count);
    PyMem_Free(block);
    PyMem_Free(found);
    return list;
}

static int numbers(PyObject *tuple, Py_ssize_t count, double *into) {
    if (!PyTuple_Check(tuple) || PyTuple_GET_SIZE(tuple) != count) { PyErr_SetString(PyExc_ValueError, "wrong number of weights"); return -1; }
    for (Py_ssize_t place = 0; place < count; place++) into[place] = PyFloat_AsDouble(PyTuple_GET_ITEM(tuple, place));
    return PyErr_Occurred() ? -1 : 0;
}

static int start(Kernel *self, PyObject *arguments, PyObject *named) {
    PyObject *lexicon, *words, *affixes, *folds, *wide, *narrow, *keys, *pairs, *steps, *thresholds;
    if (named && PyDict_GET_SIZE(named)) { PyErr_SetString(PyExc_TypeError, "no keywords"); return -1; }
    if (self->keep) { PyErr_SetString(PyExc_TypeError, "made once"); return -1; }
    if (!PyArg_ParseTuple(arguments, "SSSU(SSSS)dOO", &lexicon, &words, &affixes, &folds, &wide, &narrow, &keys, &pairs, &self->scale, &steps, &thresholds)) return -1;
    Py_ssize_t word_rows = 0, affix_rows = 0, count = PyBytes_GET_SIZE(keys) / 4;
    for (Py_ssize_t at = 0; at < PyBytes_GET_SIZE(words); at++) word_rows += PyBytes_AS_STRING(words)[at] == '\n';
    for (Py_ssize_t at = 0; at < PyBytes_GET_SIZE(affixes); at++) affix_rows += PyBytes_AS_STRING(affixes)[at] == '\n';
    if (PyBytes_GET_SIZE(wide) != (WIDE_WORD + word_rows) * WIDTH * 2 || PyBytes_GET_SIZE(narrow) != (NARROW_AFFIX + affix_rows) * L * 2 ||
        PyBytes_GET_SIZE(pairs) != count * L * 2 || PyUnicode_GET_LENGTH(folds) != 0x250) {
        PyErr_SetString(PyExc_ValueError, "the model does not fit this kernel");
        return -1;
    }
    if (numbers(steps, L * L, &self->steps[0][0]) || numbers(thresholds, L, self->thresholds)) return -1;
    for (int from = 0; from < L; from++) for (int to = 0; to < L; to++) self->turned[to][from] = self->steps[from][to];
    if (!(self->powers = PyMem_Malloc(POWERS * sizeof(double)))) { PyErr_NoMemory(); return -1; }
    for (int place = 0; place < POWERS; place++) self->powers[place] = exp((double)-place / self->scale);
    for (int place = 0; place < 0x250; place++) self->folds[place] = PyUnicode_READ_CHAR(folds, place);
    self->wide = (const int16_t *)PyBytes_AS_STRING(wide);
    self->narrow = (const int16_t *)PyBytes_AS_STRING(narrow);
    if (MOST_WIDE * largest(self->wide, PyBytes_GET_SIZE(wide) / 2) + MOST_NARROW * largest(self->narrow, PyBytes_GET_SIZE(narrow) / 2) > INT16_MAX ||
        MOST_PAIRS * largest((const int16_t *)(const void *)PyBytes_AS_STRING(pairs), PyBytes_GET_SIZE(pairs) / 2) > INT16_MAX) {
        PyErr_SetString(PyExc_ValueError, "weights too large for sums of 16 bits");
        return -1;
    }
    if (fill(&self->lexicon, PyBytes_AS_STRING(lexicon), PyBytes_GET_SIZE(lexicon), 16)) return -1;
    if (fill(&self->words, PyBytes_AS_STRING(words), PyBytes_GET_SIZE(words), 10)) return -1;
    if (fill_pairs(self, (const uint32_t *)(const void *)PyBytes_AS_STRING(keys), (const int16_t *)(const void *)PyBytes_AS_STRING(pairs), count)) return -1;
    if (fill_affixes(self, PyBytes_AS_STRING(affixes), PyBytes_GET_SIZE(affixes)) || fill_ready(self, word_rows)) return -1;
    Py_INCREF(arguments);
    self->keep = arguments;
    return 0;
}

static void stop(Kernel *self) {
    PyTypeObject *type = Py_TYPE(self);
    PyMem_Free(self->lexicon.entries);
    PyMem_Free(self->words.entries);
    PyMem_Free(self->ready);
    PyMem_Free(self->beside);
    PyMem_Free(self->apart);
    PyMem_Free(self->in_a_row);
    PyMem_Free(self->beside_at);
    PyMem_Free(self->apart_at);
    PyMem_Free(self->triples);
    PyMem_Free(self->end3);
    PyMem_Free(self->powers);
    Py_XDECREF(self->keep);
    type->tp_free((PyObject *)self);
    Py_DECREF(type);
}

static PyMethodDef methods[] = {{"tag", (PyCFunction)tag, METH_O, "Start, end and label of each marked stretch."}, {NULL}};
static PyType_Slot slots[] = {{Py_tp_init, start}, {Py_tp_new, PyType_GenericNew}, {Py_tp_dealloc, stop}, {Py_tp_methods, methods}, {0}};
static PyType_Spec spec = {"_tagger.Kernel", sizeof(Kernel), 0, Py_TPFLAGS_DEFAULT, slots};

static int execute(PyObject *module) {
    uint16_t probe = 1;
    if (!*(char *)&probe) { PyErr_SetString(PyExc_ImportError, "the model file is little-endian"); return -1; }
    PyObject *type = PyType_FromSpec(&spec);
    int failed = !type || PyModule_AddObjectRef(module, "Kernel", type);
    Py_XDECREF(type);
    return failed ? -1 : 0;
}

static PyModuleDef_Slot module_slots[] = {{Py_mod_exec, execute}, {0}};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "_tagger", "The tagger in C.", 0, NULL, module_slots};
PyMODINIT_FUNC PyInit__tagger(void) { return PyModuleDef_Init(&definition); }
