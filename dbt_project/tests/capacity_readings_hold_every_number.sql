-- The numbers of a cell are those of its readings; those in the words of a figure are those of its reading.
with

readings as (select * from {{ ref('plant_capacity_readings') }}),

-- Position 0 is the whole cell.
texts as (

    select distinct
        measure,
        cell_text,
        0 as figure_position,
        {{ number_list('cell_text') }} as number_list
    from readings
    union all
    select
        measure,
        cell_text,
        figure_position,
        {{ number_list('segment_text') }} as number_list
    from readings

),

positions as ({{ numbers(60) }}),

printed as (

    select
        texts.measure,
        texts.cell_text,
        texts.figure_position,
        {{ parse_decimal("split_part(texts.number_list, ' ', positions.n)") }} as number,
        1 as occurrences
    from texts
    inner join positions on {{ piece_count('texts.number_list', ' ') }} >= positions.n

),

read_ones as (

    select
        readings.measure,
        readings.cell_text,
        readings.figure_position,
        case positions.n
            when 1 then readings.amount_low
            when 2 then nullif(readings.amount_high, readings.amount_low)
            else readings.year
        end as number,
        -1 as occurrences
    from readings
    cross join positions
    where positions.n <= 3

),

compared as (

    select * from printed
    union all
    select * from read_ones
    union all
    select
        measure,
        cell_text,
        0 as figure_position,
        number,
        occurrences
    from read_ones

)

select
    measure,
    cell_text,
    figure_position,
    number,
    sum(occurrences) as printed_more_than_read
from compared
where number is not null
group by measure, cell_text, figure_position, number
having sum(occurrences) <> 0
