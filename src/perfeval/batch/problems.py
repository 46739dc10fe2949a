"""What can be wrong with a table of projects as a whole. What is wrong with one row is a `reasons.Reason`."""

from __future__ import annotations

from perfeval.problems import ProblemKind, Severity

COLUMNS_MISSING = ProblemKind(
    "batch-columns-missing",
    says="表里缺 {count} 列：{names}。",
    remedy="补上这些列；没有数据的格子留空。列名和类型见 perfeval batch --template --indicators {file}。",
    en="Columns that the table lacks ({count}): {names}.",
    en_remedy="Add them, and leave cells without a value empty. Names and types: perfeval batch --template --indicators {file}.",
)
COLUMN_UNKNOWN = ProblemKind(
    "batch-column-unknown",
    says="这套指标不用「{column}」这一列。{hint}",
    remedy="改正列名；确实多余就删去它，或加 --ignore-extra。",
    en="These indicators do not ask for the column “{column}”. {hint}",
    en_remedy="Mend its name; where it is not needed, remove it or add --ignore-extra.",
)
COLUMN_TWICE = ProblemKind(
    "batch-column-twice",
    says="「{column}」这一列出现两次。",
    remedy="每个键只留一列。",
    en="The column “{column}” stands twice.",
    en_remedy="Keep one column for each key.",
)
COLUMN_TYPE = ProblemKind(
    "batch-column-type",
    says="「{column}」的类型是 {found}，不能用；这一列要{wanted}。",
    remedy="转成其中一种类型再给；浮点数先按小数位数转成十进制（decimal），或写成文本。",
    en="The column “{column}” has type {found}, which cannot be used; it takes {wanted}.",
    en_remedy="Cast it to one of these; floating-point numbers to a decimal with the right number of places, or to text.",
)
NO_ID = ProblemKind(
    "batch-no-id",
    says="没有哪一列写着项目的名称：{wanted}。表里有：{names}。",
    remedy="把那一列命名为 project、项目或 id，或用 --id 说明列名。",
    en="No column names the project: {wanted}. There are: {names}.",
    en_remedy="Call it project, 项目 or id, or say its name with --id.",
)
TABLE_EMPTY = ProblemKind(
    "batch-empty",
    says="「{file}」里没有一行数据。",
    remedy="检查导出是否成功；表头之后每个项目一行。",
    en="“{file}” holds no row of data.",
    en_remedy="See whether it was exported in full: a row for each project after the header.",
)
NO_TABLE = ProblemKind(
    "batch-no-table",
    says="找不到表格「{file}」：{why}。",
    remedy="给出一个 .parquet、.csv、.arrow 文件，一个装着 .parquet 文件的文件夹，或加引号的通配符。",
    en="There is no table “{file}”: {why}.",
    en_remedy="Name a .parquet, .csv or .arrow file, a folder of .parquet files, or a pattern in quotes.",
)
UNREADABLE = ProblemKind(
    "batch-unreadable",
    says="「{file}」读不了：{why}。",
    remedy="重新导出这个文件{hint}。",
    en="“{file}” cannot be read: {why}.",
    en_remedy="Export it again{hint}.",
)
FILES_DIFFER = ProblemKind(
    "batch-files-differ",
    says="「{file}」与「{first}」的列或类型不同：{what}。",
    remedy="让每个文件的列和类型一致，再一起计算。",
    en="“{file}” and “{first}” differ in columns or types: {what}.",
    en_remedy="Give all files the same columns and types.",
)
TOO_WIDE = ProblemKind(
    "batch-too-wide",
    says="「{name}」的算式按 quantities 里的范围会超出 128 位整数，成批计算时不能保证精确。",
    remedy="把 quantities 里有关的量的范围（from、to）或小数位数（places）改小。",
    en="“{name}” could exceed 128-bit whole numbers within the ranges under quantities, so a batch cannot be proven exact.",
    en_remedy="Narrow the ranges (from, to) or the decimals (places) of its quantities.",
)
NOT_ON_ENGINE = ProblemKind(
    "batch-not-on-engine",
    says="引擎 {engine} 算不了「{name}」：{why}。",
    remedy="改用 --engine polars；或按所说的改列名，改小 quantities 里的范围。",
    en="The engine {engine} cannot do “{name}”: {why}.",
    en_remedy="Use --engine polars; or change the name, or narrow the ranges under quantities, as it says.",
)
MISSING_POLICY = ProblemKind(
    "batch-missing-policy",
    says="指标体系写了 missing: {policy}，成批计算不照此办：缺数据的指标没有得分，总分也没有。",
    remedy="缺的数据补上后再算；单个项目用 perfeval score 照 missing: {policy} 计算。",
    en="The tree says missing: {policy}, which a batch does not follow: without its evidence a leaf has no score, nor has the total.",
    en_remedy="Fill in what is missing; perfeval score follows missing: {policy} for one project.",
    severity=Severity.WARNING,
)
BAD_CELL = ProblemKind(
    "batch-bad-cell",
    says="第 {row} 行「{project}」的「{key}」为「{text}」：{why}。",
    remedy="改正这一格。{hint}",
    en="Row {row}: “{key}” of “{project}” is “{text}”: {why}.",
    en_remedy="Mend this cell. {hint}",
)
MISSING_CELL = ProblemKind(
    "batch-missing-cell",
    says="第 {row} 行「{project}」的「{key}」没有数据，没有得分的是：{nodes}。",
    remedy="填上这一格；没有数据不等于 0。要先说明其余部分，加 --partial。",
    en="Row {row}: “{key}” of “{project}” has no value; without a score: {nodes}.",
    en_remedy="Fill in this cell; no data is not 0. To explain the rest meanwhile, add --partial.",
)
NOT_SCORED = ProblemKind(
    "batch-row-not-scored",
    says="第 {row} 行「{project}」：{why}。",
    remedy="每行一个项目，各用各的名称。",
    en="Row {row}, “{project}”: {why}.",
    en_remedy="Give each project one row and a name of its own.",
)
NOT_EXACT = ProblemKind(
    "collect-not-exact",
    says="「{project}」的「{key}」为 {text}，小数写不尽，这一格留空。",
    remedy="在 evidence.yaml 里登记分子和分母两个事实，由算式去除。",
    en="“{key}” of “{project}” is {text}, which no decimal holds; its cell is left empty.",
    en_remedy="List numerator and denominator as two facts in evidence.yaml, and divide them in the measure.",
    severity=Severity.WARNING,
)
UNITS_DIFFER = ProblemKind(
    "collect-units-differ",
    says="「{key}」在「{project}」里以「{unit_here}」计，在前面的项目里以「{unit_there}」计，不能放进同一列。",
    remedy="让各项目的 quantities 用能换算的单位，或分开收集。",
    en="“{key}” is in “{unit_here}” in “{project}”, and in “{unit_there}” in projects before it: they do not fit one column.",
    en_remedy="Let the projects' quantities use units that convert, or collect them apart.",
)
