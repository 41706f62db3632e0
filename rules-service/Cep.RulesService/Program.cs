using Cep.RulesService;

return await ServiceHost.RunAsync(args);
