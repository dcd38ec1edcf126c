mod cases;
mod golden;
mod laws;
mod optima;
