with

cells as (select * from {{ ref('int_plant_capacity_cells') }}),

numbers as ({{ numbers(max_figures_per_cell() + 1) }}),

-- Piece 0 is what stands before the first amount; every other piece is an amount and what follows it.
pieces as (

    select
        cells.*,
        numbers.n - 1 as piece,
        split_part(cells.marked_text, '{', numbers.n) as piece_text
    from cells
    inner join numbers on cells.figure_count + 1 >= numbers.n

),

split as (

    select
        *,
        case when piece > 0 then split_part(piece_text, '}', 1) end as amount_text,
        case when piece > 0 then split_part(piece_text, '}', 2) else piece_text end as between_text
    from pieces

),

cut as (

    select
        *,
        case
            when piece = 0 then concat('|', between_text)
            -- After the last amount only a semicolon ends the figure; what follows it is a remark.
            when piece = figure_count then {{ replace_matches('between_text', '^([^;]*);(.*)$', '\\1|\\2') }}
            else {{ cut_between_figures('between_text') }}
        end as cut_text,
        length(replace(between_text, ')', '')) - length(replace(between_text, '(', '')) as brackets_opened
    from split

),

figures as (

    select
        plant_id,
        measure,
        piece as figure_position,
        amount_text,
        lag(split_part(cut_text, '|', 2)) over (partition by plant_id, measure order by piece) as head_text,
        split_part(cut_text, '|', 1) as tail_text,
        case when piece = figure_count then split_part(cut_text, '|', 2) else '' end as remark_text,
        coalesce(sum(brackets_opened) over (
            partition by plant_id, measure order by piece
            rows between unbounded preceding and 1 preceding
        ), 0) as bracket_depth
    from cut

),

depths as (

    select
        *,
        lag(bracket_depth) over (
            partition by plant_id, measure order by figure_position
        ) as bracket_depth_before
    from figures

)

select
    plant_id,
    measure,
    figure_position,
    amount_text,
    head_text,
    tail_text,
    remark_text,
    -- After a semicolon or a closed bracket, what was said of the figures before holds no longer.
    figure_position = 1
    or head_text like ';%'
    or (bracket_depth = 0 and bracket_depth_before > 0) as starts_anew
from depths
where figure_position > 0
