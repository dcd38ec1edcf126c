//! Lines on logarithmic axes, as SVG.

use std::error::Error;

use plotters::prelude::*;

/// A line with a name.
#[derive(Debug)]
pub(crate) struct Line {
    /// For the legend.
    pub name: String,
    /// Positive, in ascending order of x.
    pub points: Vec<(f64, f64)>,
}

/// A drawing of the lines.
pub(crate) fn log_log(x_name: &str, lines: &[Line]) -> Result<String, String> {
    let mut svg = String::new();
    draw(&mut svg, x_name, lines).map_err(|error| format!("cannot draw: {error}"))?;
    Ok(svg)
}

fn draw(svg: &mut String, x_name: &str, lines: &[Line]) -> Result<(), Box<dyn Error>> {
    let points = || lines.iter().flat_map(|line| &line.points);
    // Whole powers of ten around all points.
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
        .x_label_area_size(45)
        .y_label_area_size(60)
        .build_cartesian_2d(x.log_scale(), y.log_scale())?;
    let power = |value: &f64| format!("{value}");
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
