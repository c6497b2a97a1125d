# teiten: from capture archives to a published quarterly report.
#
#   make deps report    install what is missing, build, publish the sample quarter into out/2025q1/
#   make deps check     install what is missing, build, run all tests
#   make help           every target
#
# MODE=release (default), debug or sanitize chooses build/<mode>/. CFLAGS and LDFLAGS of yours are appended.

MODE ?= release
PREFIX ?= /usr/local
DESTDIR ?=
BUILD := build/$(MODE)
SAMPLE := samples/quarterly
EDITION := 2025q1
VERSION := 1.0

# ---- what the project stands on (README, "Dependencies", gives the reasons) ----
PACKAGES_BUILD := gcc libc6-dev pkg-config libglib2.0-dev libjson-glib-dev libcsv-dev libxml2-dev libpcap-dev \
	zlib1g-dev libisal-dev libzstd-dev liblzma-dev libbz2-dev liblz4-dev libxxhash-dev \
	libcairo2-dev libpng-dev libpango1.0-dev libharfbuzz-dev libqpdf-dev libhyphen-dev hyphen-en-us tzdata fonts-noto-cjk
PACKAGES_CHECK := libcmocka-dev libxml2-utils poppler-utils qpdf python3 fonts-morisawa-bizud-gothic fonts-dejavu-core
PACKAGES_REAL := tshark
PACKAGES_WEB := nodejs:node npm:npm chromium:chromium default-jre-headless:java
PACKAGES_PDF := nodejs:node npm:npm fonts-urw-base35 default-jre-headless:java libpdfbox2-java libactivation-java libjaxb-api-java \
	poppler-utils fonts-morisawa-bizud-gothic
PACKAGES_BENCH := isal tcpdump zstd xz-utils libtrace-tools nfdump tshark weasyprint chromium gnuplot-nox python3-matplotlib
PACKAGES_SANITIZE := libasan8 libubsan1

MODULES := glib-2.0 gio-2.0 json-glib-1.0 libxml-2.0 zlib libzstd liblzma liblz4 libxxhash \
	cairo cairo-pdf cairo-ft libpng pangocairo pangoft2 harfbuzz harfbuzz-subset fontconfig freetype2 libqpdf
# Asked for when first needed, not when this file is read: `make deps report` installs them in between.
PKG_CFLAGS = $(eval PKG_CFLAGS := $(shell pkg-config --cflags $(MODULES) | sed 's/-I/-isystem /g'))$(PKG_CFLAGS)
# The loader looks for each of some ten thousand symbols in one library after the other: those that most come from stand
# first, also libstdc++, which only other libraries need.
LIBS_FIRST := -Wl,--push-state,--no-as-needed -lqpdf -l:libstdc++.so.6 -lc -lglib-2.0 -lgobject-2.0 -Wl,--pop-state
PKG_LIBS = $(eval PKG_LIBS := $(LIBS_FIRST) $(shell pkg-config --libs $(MODULES)) -lisal -lpcap -lcsv -lbz2 -lhyphen -lm -pthread)$(PKG_LIBS)

WARNINGS := -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wformat=2 \
	-Wcast-align=strict -Wwrite-strings $(if $(CI),-Werror)
MODE_release := -O2 -g
MODE_debug := -O0 -g3
MODE_sanitize := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
FLAGS := -std=c11 -D_GNU_SOURCE -DTEITEN_VERSION='"$(VERSION)"' -DTEITEN_PKGDATADIR='"$(PREFIX)/share/teiten"' \
	-Isrc $(WARNINGS) $(MODE_$(MODE)) -pthread
COMPILE = $(CC) $(FLAGS) $(PKG_CFLAGS) $(CPPFLAGS) $(CFLAGS) -MMD -MP
# One short line per step; V=1 shows the commands.
Q := $(if $(V),,@)
say = $(if $(V),,@echo '  $(1) $(2)')
LINK = $(CC) $(FLAGS) $(CFLAGS) $(LDFLAGS)

# ---- sources ----
SOURCES := $(sort $(filter-out src/cmd/%,$(wildcard src/*/*.c)))
COMMANDS := $(sort $(wildcard src/cmd/*.c))
UNIT_TESTS := $(sort $(wildcard tests/unit/test_*.c))
LIBRARY := $(BUILD)/libteiten.a
PROGRAM := $(BUILD)/teiten
SYNTHESISE := $(BUILD)/synthesise
OBJECTS := $(SOURCES:%.c=$(BUILD)/obj/%.o)
COMMAND_OBJECTS := $(COMMANDS:%.c=$(BUILD)/obj/%.o)
UNIT_PROGRAMS := $(UNIT_TESTS:%.c=$(BUILD)/%)
FUZZERS := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/fuzz/*.c))
BENCHES := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/bench/*.c))
SHARED_FILES := $(BUILD)/share/teiten/.stamp

.PHONY: all report check check-real check-web check-pdf bench gallery bench-deps deps deps-real deps-web deps-pdf deps-sanitize sample install format check-format clean help
all: $(PROGRAM)

$(PROGRAM): $(COMMAND_OBJECTS) $(LIBRARY) $(SHARED_FILES)
	$(call say,LD,$@)
	$(Q)$(LINK) -o $@ $(COMMAND_OBJECTS) $(LIBRARY) $(PKG_LIBS)

$(LIBRARY): $(OBJECTS)
	$(call say,AR,$@)
	$(Q)rm -f $@
	$(Q)ar rcs $@ $(OBJECTS)

$(BUILD)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(COMPILE) -c -o $@ $<

# The files that ship with the program, where it looks for them first (src/base/data_folder.h).
$(SHARED_FILES): Makefile src/publication/publication.rng
	@mkdir -p $(@D)
	@ln -sfn $(CURDIR)/templates $(@D)/templates
	@ln -sfn $(CURDIR)/fonts $(@D)/fonts
	@ln -sfn $(CURDIR)/src/publication/publication.rng $(@D)/publication.rng
	@touch $@

$(SYNTHESISE): $(wildcard samples/*.c samples/*.h) $(LIBRARY)
	$(COMPILE) -o $@ $(filter %.c,$^) $(LDFLAGS) $(LIBRARY) $(PKG_LIBS)

# ---- the sample ----
# Its captures are made once; a changed scenario or synthesiser makes them again.
sample: $(SAMPLE)/captures/.stamp
$(SAMPLE)/captures/.stamp: $(SYNTHESISE) $(wildcard $(SAMPLE)/scenario*.csv) $(SAMPLE)/sensors.csv
	rm -rf $(SAMPLE)/captures
	$(SYNTHESISE) $(SAMPLE) $(SAMPLE)/captures
	@touch $@

report: $(PROGRAM) sample
	$(PROGRAM) -C $(SAMPLE) report $(EDITION) --output $(CURDIR)/out/$(EDITION) --index

# Every kind of figure in every theme.
gallery: $(PROGRAM) sample
	samples/gallery/contact_sheet $(PROGRAM) $(EDITION) build/gallery

# ---- tests ----
$(BUILD)/tests/%: tests/%.c $(LIBRARY)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(COMPILE) -Itests -o $@ $< $(LDFLAGS) $(LIBRARY) $(PKG_LIBS) -lcmocka

check: $(PROGRAM) $(UNIT_PROGRAMS) $(FUZZERS) $(SYNTHESISE) sample
	tests/run $(BUILD)

# MUTATIONS=0 leaves out the mutations, MUTATIONS=500000:2 takes more, by another seed.
check-real: $(PROGRAM) $(addprefix $(BUILD)/tests/fuzz/,mutations pieces region_spans)
	tests/oracle/run $(BUILD) $(MUTATIONS)

# The published pages before the Nu HTML Checker and axe-core, in a browser.
check-web: $(PROGRAM) sample $(BUILD)/web/.stamp
	node tests/web/check.mjs $(PROGRAM) $(SAMPLE) $(BUILD)/web/publication $(BUILD)/web

$(BUILD)/web/.stamp: tests/web/package.json tests/web/package-lock.json
	@mkdir -p $(@D)
	cp tests/web/package.json tests/web/package-lock.json $(@D)
	cd $(@D) && npm ci --ignore-scripts --no-audit --no-fund
	@touch $@

# The published PDF before PDFBox preflight (PDF/A-1b) and PDF.js.
check-pdf: $(PROGRAM) sample $(BUILD)/pdf/.stamp
	tests/pdf/run $(BUILD) $(SAMPLE) $(BUILD)/pdf

$(BUILD)/pdf/.stamp: tests/pdf/package.json tests/pdf/package-lock.json
	@mkdir -p $(@D)
	cp tests/pdf/package.json tests/pdf/package-lock.json $(@D)
	cd $(@D) && npm ci --ignore-scripts --omit=optional --no-audit --no-fund
	@touch $@

bench: $(PROGRAM) $(BENCHES) $(SYNTHESISE)
	tests/bench/run $(BUILD)
	tests/bench/pdf $(BUILD)
	tests/bench/figure $(BUILD)

# ---- packages ----
deps:
	@tests/install-packages $(PACKAGES_BUILD) $(PACKAGES_CHECK)
deps-real:
	@tests/install-packages $(PACKAGES_REAL)
deps-web:
	@tests/install-packages $(PACKAGES_WEB)
deps-pdf:
	@tests/install-packages $(PACKAGES_PDF)
bench-deps:
	@tests/install-packages $(PACKAGES_BENCH)
deps-sanitize:
	@tests/install-packages $(PACKAGES_SANITIZE)
# With -j, nothing may be compiled before the packages are there.
ifneq ($(filter deps,$(MAKECMDGOALS)),)
$(OBJECTS) $(COMMAND_OBJECTS) $(SYNTHESISE) $(UNIT_PROGRAMS) $(FUZZERS) $(BENCHES): | deps
endif

# ---- the rest ----
install: $(PROGRAM)
	install -D -m 755 $(PROGRAM) $(DESTDIR)$(PREFIX)/bin/teiten
	cd templates && find . -type f -exec install -D -m 644 {} $(DESTDIR)$(PREFIX)/share/teiten/templates/{} \;
	cd fonts && find . -type f -exec install -D -m 644 {} $(DESTDIR)$(PREFIX)/share/teiten/fonts/{} \;
	install -D -m 644 src/publication/publication.rng $(DESTDIR)$(PREFIX)/share/teiten/publication.rng

FORMATTED = $(shell git ls-files '*.c' '*.h')
format:
	clang-format -i $(FORMATTED)
check-format:
	clang-format --dry-run --Werror $(FORMATTED)

clean:
	rm -rf build out $(SAMPLE)/captures $(SAMPLE)/summaries $(SAMPLE)/out

help:
	@echo 'make deps report   install packages, build, publish the sample quarter into out/$(EDITION)/'
	@echo 'make deps check    install packages, build, run all tests'
	@echo 'make               build $(PROGRAM)          (MODE=debug, MODE=sanitize: other builds)'
	@echo 'make sample        make the captures of the sample publication'
	@echo 'make deps-real check-real   compare with tshark on real captures (needs them: see README)'
	@echo 'make deps-web check-web     validity and accessibility of the published pages, in a browser'
	@echo 'make deps-pdf check-pdf     the PDF as an archive (PDF/A-1b) and in PDF.js'
	@echo 'make bench-deps bench   speed, memory, size, beside other programs on the same input'
	@echo 'make install       PREFIX=$(PREFIX) DESTDIR=$(DESTDIR)'
	@echo 'make format check-format clean'

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
