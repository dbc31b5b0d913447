//! The program: everything is in [`cli`]; this only turns its status into the process's.

mod cli;

fn main() -> std::process::ExitCode {
    cli::main()
}
