return Cep.Cli.CommandLine.Run(args);
