//! Line plots with logarithmic axes, as SVG.

use std::error::Error;

use plotters::prelude::*;

/// A line of a plot.
#[derive(Debug)]
pub(crate) struct Line {
    /// Name in the legend.
    pub name: String,
    /// Points with positive coordinates, in ascending order of x.
    pub points: Vec<(f64, f64)>,
}

/// Draws the lines.
pub(crate) fn log_log(x_name: &str, lines: &[Line]) -> Result<String, String> {
    let mut svg = String::new();
    draw(&mut svg, x_name, lines).map_err(|error| format!("cannot draw: {error}"))?;
    Ok(svg)
}

fn power_of_ten(exponent: i32) -> String {
    const SUPERSCRIPTS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let digits = exponent.unsigned_abs().to_string();
    let raised = digits.bytes().map(|digit| SUPERSCRIPTS[usize::from(digit - b'0')]);
    format!("10{}{}", if exponent < 0 { "⁻" } else { "" }, raised.collect::<String>())
}

fn draw(svg: &mut String, x_name: &str, lines: &[Line]) -> Result<(), Box<dyn Error>> {
    let points = || lines.iter().flat_map(|line| &line.points);
    // From one power of ten to another, around all points.
    let range = |values: &mut dyn Iterator<Item = f64>| {
        let (low, high) = values.fold((f64::INFINITY, 1e-9f64), |(low, high), value| (low.min(value), high.max(value)));
        10f64.powf(low.min(high).log10().floor())..10f64.powf(high.log10().ceil())
    };
    let x = range(&mut points().map(|point| point.0));
    let y = range(&mut points().map(|point| point.1));
    let area = SVGBackend::with_string(svg, (720, 480)).into_drawing_area();
    area.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(&area)
        .margin(15)
        .margin_right(40)
        .x_label_area_size(45)
        .y_label_area_size(60)
        .build_cartesian_2d(x.log_scale(), y.log_scale())?;
    let power = |value: &f64| power_of_ten(value.log10().round() as i32);
    let mesh = &mut chart.configure_mesh();
    mesh.x_desc(x_name).x_label_formatter(&power).y_label_formatter(&power).light_line_style(WHITE).draw()?;
    for (number, line) in lines.iter().enumerate() {
        let colour = Palette99::pick(number).to_rgba();
        let series = LineSeries::new(line.points.iter().copied(), colour.stroke_width(2)).point_size(3);
        let sample = move |(x, y)| PathElement::new([(x, y), (x + 20, y)], colour.stroke_width(2));
        chart.draw_series(series)?.label(line.name.as_str()).legend(sample);
    }
    let legend = &mut chart.configure_series_labels();
    legend.position(SeriesLabelPosition::UpperLeft).background_style(WHITE).border_style(BLACK).draw()?;
    area.present()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plot_contains_every_line() {
        assert_eq!([power_of_ten(12), power_of_ten(0), power_of_ten(-3)], ["10¹²", "10⁰", "10⁻³"]);
        let line = |name: &str| Line { name: name.to_owned(), points: vec![(10.0, 0.2), (1000.0, 30.0)] };
        let svg = log_log("links", &[line("seconds"), line("megabytes")]).expect("a plot");
        assert!(["links", "seconds", "megabytes", "10³", "10⁰"].iter().all(|text| svg.contains(text)), "{svg}");
        assert_eq!(svg.matches("<circle").count(), 4, "two points on each line");
    }
}
