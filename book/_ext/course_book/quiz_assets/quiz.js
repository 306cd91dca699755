// A reply appears by style alone; a screen reader hears it because it is copied into a live region.
"use strict";
for (const quiz of document.querySelectorAll(".quiz")) {
  quiz.addEventListener("change", ({ target }) => {
    const reply = target.closest(".quiz-answer").querySelector(".quiz-reply");
    quiz.querySelector(".quiz-said").textContent = reply.textContent;
  });
}
