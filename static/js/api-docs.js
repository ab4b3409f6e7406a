// The interface's description, drawn by Swagger UI; the key that is typed there stays in this page.
"use strict";

{
  const place = document.getElementById("api-docs");
  window.SwaggerUIBundle({
    url: place.dataset.description,
    domNode: place,
    deepLinking: true,
    persistAuthorization: false,
    defaultModelsExpandDepth: 0,
    validatorUrl: null,
  });
}
