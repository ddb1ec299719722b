{#-
    The grammar of a capacity or yield cell, as pieces of regular expressions that RE2 and Java read alike:
    no backslashes, no look-around.

        cell   = figure {(";" | "," | "and") figure} ["(" "total" figure ")"]
        figure = [product [","]] ["~"] amount [product] ["(" product "," year ")"] [["("] "containing" figures [")"]]
        amount = [number [unit] "-"] number unit ["/y"]
-#}

{#- Mass units as printed, longest first, with the tonnes in each. -#}
{% macro mass_units() -%}
    {{ return({
        'tonnes': '1e0', 'tonne': '1e0', '万吨': '1e4', '千吨': '1e3', '吨': '1e0',
        'Mt': '1e6', 'kt': '1e3', 'kT': '1e3', 'KT': '1e3', 'kg': '1e-3', '公斤': '1e-3', '千克': '1e-3',
        't': '1e0', 'T': '1e0',
    }) }}
{%- endmacro %}

{% macro mass_unit_pattern() -%}
    (?:{{ mass_units().keys() | join('|') }})
{%- endmacro %}

{% macro amount_pattern() -%}
    {%- set number = '¦*[0-9]+(?:[.][0-9]+)?' -%}
    {%- set per_year = '(?: ?/ ?(?:years?|yr|y|annum|a|年)| ?pa| ?p[.]a[.]| per year| per annum)' -%}
    {%- set unit = ' ?' ~ mass_unit_pattern() ~ per_year ~ '?' -%}
    {#- "2021 ~500t" is no range, "10kt/y ~20kt/y" is one. -#}
    (?:{{ number }}(?:{{ unit }} ?~|(?:{{ unit }})?(?: ?- ?|~|至| to )))?{{ number }}{{ unit }}
{%- endmacro %}

{#- Words that say that the figures after them are a part of the figure before. -#}
{% macro containing_pattern() -%}
    (?:(?i:contain(?:s|ing|ed)?|includ(?:es|ing)|incl[.]|of which)|其中|包括|含)
{%- endmacro %}

{#- Words right before an amount that say that it is the whole of the other figures. -#}
{% macro whole_pattern() -%}
    (?:(?i:(?:in )?total(?: of)?)|合计|总计)[ :]*{{ approximate_pattern() }}? *
{%- endmacro %}

{% macro approximate_pattern() -%}
    (?:~|约|(?i:approximately|approx[.]?|about|around|circa|ca[.]))
{%- endmacro %}

{% macro yearly_pattern() -%}
    (?:(?i:per year|per annum|annually|annual)|/ ?(?:year|yr|y|a)|年产|每年)
{%- endmacro %}

{#- Words that say that something is treated, not what. -#}
{% macro filler_pattern() -%}
    (?:(?i:processing|capacity|of)|可以处理|可处理|处理能力为|占其)
{%- endmacro %}

{% macro tonnes_per_unit(unit) -%}
    case {{ unit }}{% for name, tonnes in mass_units().items() %} when '{{ name }}' then {{ tonnes }}{% endfor %} end
{%- endmacro %}

{#- Every match of a pattern replaced; groups are written \1. -#}
{% macro replace_matches(text, pattern, replacement) -%}
    {{ return(adapter.dispatch('replace_matches')(text, "'" ~ pattern ~ "'", "'" ~ replacement ~ "'")) }}
{%- endmacro %}

{% macro default__replace_matches(text, pattern, replacement) -%}
    regexp_replace({{ text }}, {{ pattern }}, {{ replacement | replace("\\", "$") }})
{%- endmacro %}

{% macro duckdb__replace_matches(text, pattern, replacement) -%}
    regexp_replace({{ text }}, {{ pattern }}, {{ replacement }}, 'g')
{%- endmacro %}

{#- A text without the words of a pattern; a word inside a longer one stays. -#}
{% macro without_words(text, pattern) -%}
    {{ replace_matches(text, '(^|[^A-Za-z])' ~ pattern ~ '([^A-Za-z]|$)', '\\1 \\2') }}
{%- endmacro %}

{% macro has_words(text, pattern) -%}
    coalesce(regexp_extract({{ text }}, '(^|[^A-Za-z]){{ pattern }}([^A-Za-z]|$)', 0), '') <> ''
{%- endmacro %}

{#-
    One form of punctuation: half-width, round brackets, no thousands comma or space ("1,500t"), a decimal point for a
    decimal comma ("1,5kt"), a middle dot in a list of elements or shares ("Pr,Nd", "Nd80%,Fe20%"), whose comma
    separates nothing, and spaces where the script changes.
-#}
{% macro normalise_punctuation(text) -%}
    {%- set element = '(La|Ce|Pr|Nd|Sm|Eu|Gd|Tb|Dy|Ho|Er|Tm|Yb|Lu|Y)' -%}
    {%- set wide = '（），；：％～、。．／－–—−‐【】[]{}|¦≈０１２３４５６７８９' -%}
    {%- set narrow = '(),;:%~,;./-----()()(),,~0123456789' -%}
    {%- set state = namespace(sql="translate(" ~ text ~ ", '" ~ wide ~ "', '" ~ narrow ~ "')") -%}
    {%- set thousands = ('(^|[^0-9.,A-Za-z])([0-9]{1,3}),([0-9]{3})(?:,([0-9]{3}))?([^0-9]|$)', '\\1\\2\\3\\4\\5') -%}
    {%- set elements = (element ~ ',' ~ element, '\\1·\\2') -%}
    {#- Neighbours share a character, so a rule about pairs acts twice. -#}
    {%- set rules = [
        thousands,
        thousands,
        ('(^|[^0-9.,A-Za-z])([0-9]{1,3}),([0-9]{1,2})( ?' ~ mass_unit_pattern() ~ ')', '\\1\\2.\\3\\4'),
        ('(^|[^0-9.,A-Za-z])([0-9]{1,3}) ([0-9]{3})( ?' ~ mass_unit_pattern() ~ ')', '\\1\\2\\3\\4'),
        elements,
        elements,
        ('%,([A-Za-z])', '%·\\1'),
        ('([A-Za-z)])([~一-龥])', '\\1 \\2'),
        ('([一-龥])([A-Za-z(])', '\\1 \\2'),
    ] -%}
    {%- for pattern, replacement in rules -%}
        {%- set state.sql = replace_matches(state.sql, pattern, replacement) -%}
    {%- endfor -%}
    {{ state.sql }}
{%- endmacro %}

{#-
    Every amount in curly brackets. A mark put before each number first stands for the place where an amount may
    begin; it is double because a match takes one character after the amount along.
-#}
{% macro mark_amounts(text) -%}
    {%- set numbered = replace_matches(text, '(^|[^A-Za-z0-9.])([0-9])', '\\1¦¦\\2') -%}
    {%- set marked = replace_matches(numbered, '¦(' ~ amount_pattern() ~ ')([^A-Za-z]|$)', '{\\1}\\2') -%}
    replace({{ marked }}, '¦', '')
{%- endmacro %}

{#-
    The text between two amounts with "|" where the first figure ends and the second begins. The first rule
    that finds a place decides; with none, all belongs to the first figure. ";" or "," after the bar tells how
    strongly the two are kept apart.
-#}
{% macro cut_between_figures(text) -%}
    {%- set year = '(?:19|20)[0-9]{2}' -%}
    {%- set state = namespace(sql=text) -%}
    {%- set rules = [
        ('^([^|;]*);([^|]*)$', '\\1|;\\2'),
        ('^([^|]*?)[.] ([(A-Z][^|]*)$', '\\1|;\\2'),
        ('^([^|]*?[^A-Za-z|])(' ~ containing_pattern() ~ '[^|]*)$', '\\1|\\2'),
        ('^([^|]*?[^A-Za-z|])(' ~ whole_pattern() ~ ')$', '\\1|\\2'),
        ('^( *):([^|]*)$', '\\1|;\\2'),
        ('^([^|(,]*(?:[(][^|()]*[)][^|(,]*)*(?:, ?' ~ year ~ ')?),([^|]*)$', '\\1|,\\2'),
        ('^([^|]*),([^|,]*)$', '\\1|,\\2'),
        ('^([^|]*) (?:and|plus|&) +(' ~ approximate_pattern() ~ '? *)$', '\\1|,\\2'),
        ('^([^|]*[A-Za-z)]) ?([一-龥][^|]*)$', '\\1|;\\2'),
    ] -%}
    {%- for pattern, replacement in rules -%}
        {%- set state.sql = replace_matches(state.sql, pattern, replacement) -%}
    {%- endfor -%}
    {{ state.sql }}
{%- endmacro %}

{#- What a figure counts: its text without remarks that the grammar knows, and without brackets. -#}
{% macro product_text(text, year_pattern) -%}
    {%- set state = namespace(sql=text) -%}
    {%- for words in [containing_pattern(), approximate_pattern(), yearly_pattern(), filler_pattern()] -%}
        {%- set state.sql = without_words(state.sql, words) -%}
    {%- endfor -%}
    {%- set rules = [
        ('^(.*?[^0-9A-Za-z])?' ~ year_pattern ~ '((?:[^0-9A-Za-z].*)?)$', '\\1\\2'),
        ('[()]', ' '),
        ('·', ','),
    ] -%}
    {%- for pattern, replacement in rules -%}
        {%- set state.sql = replace_matches(state.sql, pattern, replacement) -%}
    {%- endfor -%}
    {{ replace_matches(collapse_whitespace(state.sql), '^[ ,.:;/-]+|[ ,.:;/-]+$', '') }}
{%- endmacro %}

{#- A figure with the words around it, without the separators at its ends. -#}
{% macro figure_text(text) -%}
    {%- set trimmed = replace_matches(collapse_whitespace("replace(" ~ text ~ ", '·', ',')"), '^[ ,;]+|[ ,;(]+$', '') -%}
    {{ replace_matches(trimmed, '^([^()]*)[)]$', '\\1') }}
{%- endmacro %}

{#- Figures a cell may hold; a cell with more fails a test rather than losing any. -#}
{% macro max_figures_per_cell() -%}
    {{ return(24) }}
{%- endmacro %}
